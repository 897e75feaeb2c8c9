package dev.convoke.benchmarks.run;

import dev.convoke.benchmarks.report.Measurement;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures one case in a JVM of its own, or in several. */
final class Fork {
    private static final String PACKAGE = "dev.convoke.benchmarks.jmh.";

    /** After it, an iteration is interrupted and fails. */
    private static final int TIMEOUT_SECONDS = 20;

    /** After it, a JVM that does not heed interrupts is ended. */
    private static final int PATIENCE_SECONDS = 120;

    private static final ScheduledExecutorService WATCHDOGS = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "watchdog");
        thread.setDaemon(true);
        return thread;
    });

    private Fork() {}

    private static void end() {
        ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
    }

    /** @throws RunnerException if the JVM or the subject fails */
    static Measurement measure(Step step, int round, Mode mode) throws RunnerException {
        Future<?> watchdog = WATCHDOGS.schedule(Fork::end, PATIENCE_SECONDS, TimeUnit.SECONDS);
        try {
            Collection<RunResult> results = new Runner(options(step, mode).build()).run();
            return measurement(step, round, results.iterator().next());
        } finally {
            watchdog.cancel(false);
        }
    }

    private static ChainedOptionsBuilder options(Step step, Mode mode) {
        Scenario scenario = step.scenario();
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include((PACKAGE + scenario.benchmark).replace(".", "\\.") + "$")
                .param("subject", step.subject())
                .param(scenario.parameter, step.variant())
                .threads(scenario.threads.applyAsInt(step.variant()))
                .forks(scenario.forks)
                .shouldFailOnError(true)
                .timeout(TimeValue.seconds(TIMEOUT_SECONDS))
                .verbosity(VerboseMode.SILENT)
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuTime.class)
                .jvmArgs(jvmArguments(scenario));
        return scenario.ownIterations ? options : iterated(options, mode, scenario.longer.applyAsInt(step.variant()));
    }

    private static ChainedOptionsBuilder iterated(ChainedOptionsBuilder options, Mode mode, int longer) {
        TimeValue time = TimeValue.milliseconds((long) mode.millis() * longer);
        return options.warmupIterations(mode.iterations())
                .warmupTime(time)
                .measurementIterations(mode.iterations())
                .measurementTime(time);
    }

    private static String[] jvmArguments(Scenario scenario) {
        Stream<String> properties = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-D") || argument.startsWith("--sun-misc"));
        Stream<String> heap = Stream.of("-Xms" + scenario.heap, "-Xmx" + scenario.heap, "-XX:+AlwaysPreTouch");
        return Stream.concat(properties, heap).toArray(String[]::new);
    }

    private static Measurement measurement(Step step, int round, RunResult result) {
        Scenario scenario = step.scenario();
        Map<String, ? extends Result<?>> others = secondary(result);
        int threads = scenario.perThread ? 1 : scenario.threads.applyAsInt(step.variant());
        double bytes = others.containsKey("retained") ? score(others, "retained") : score(others, "gc.alloc.rate.norm");
        double time = result.getPrimaryResult().getScore() / threads;
        return new Measurement(step.measured(), round, time, bytes, score(others, CpuTime.LABEL));
    }

    @SuppressWarnings({"rawtypes", "unchecked"})
    private static Map<String, ? extends Result<?>> secondary(RunResult result) {
        return (Map<String, ? extends Result<?>>) (Map) result.getSecondaryResults();
    }

    private static double score(Map<String, ? extends Result<?>> results, String label) {
        Result<?> found = results.get(label);
        return found == null ? 0 : found.getScore();
    }
}
