package dev.convoke.benchmarks.run;

import dev.convoke.benchmarks.report.Case;
import dev.convoke.benchmarks.report.Measurement;
import dev.convoke.benchmarks.run.Plan.Step;
import java.time.Duration;
import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;

/** Says on standard error how far a run is. */
final class Progress {
    private final int steps;
    private final long start = System.nanoTime();
    private int done;

    Progress(int steps) {
        this.steps = steps;
    }

    void measured(Measurement measurement) {
        Case measured = measurement.measured();
        say(
                "%s %s %s: %.1f ns, %.0f B",
                measured.scenario(), measured.variant(), measured.subject(), measurement.time(), measurement.bytes());
    }

    void failed(Step step, RunnerException failure) {
        say("%s %s %s failed: %s", step.scenario().id, step.variant(), step.subject(), failure);
    }

    private void say(String format, Object... values) {
        done++;
        System.err.printf(Locale.ROOT, "[%d/%d] %s%n", done, steps, String.format(Locale.ROOT, format, values));
    }

    void end() {
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.err.printf(Locale.ROOT, "%d measurements in %d min %d s%n", done, took.toMinutes(), took.toSecondsPart());
    }
}
