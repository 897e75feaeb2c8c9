package dev.convoke.benchmarks.run;

import dev.convoke.benchmarks.report.Measurement;
import dev.convoke.benchmarks.report.Results;
import dev.convoke.benchmarks.report.ResultsJson;
import dev.convoke.benchmarks.run.Plan.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/** Measures a plan in rounds, says how far it is, and writes after each round what there is. */
final class Run {
    private static final int NUMBERED_EVENTS = 2_000;

    private final Plan plan;
    private final Mode mode;
    private final int java;
    private final Path directory;
    private final Map<String, String> deliveries = new LinkedHashMap<>();
    private final List<Measurement> measurements = new ArrayList<>();
    private final Progress progress;

    Run(Plan plan, Mode mode, int java, Path directory) {
        this.plan = plan;
        this.mode = mode;
        this.java = java;
        this.directory = directory;
        this.progress = new Progress(plan.steps().size() * mode.rounds());
    }

    /** Measures everything. */
    void go() throws Exception {
        for (int round = 0; round < mode.rounds(); round++) {
            for (Step step : plan.steps()) {
                checkDeliveries(step);
                measure(step, round);
            }
            write();
        }
        progress.end();
    }

    private void checkDeliveries(Step step) throws Exception {
        Scenario scenario = step.scenario();
        String key = Results.deliveryKey(scenario.id, step.subject());
        if (scenario.kind == Kind.SILENT || deliveries.containsKey(key)) {
            return;
        }
        Deliveries found = DeliveryCheck.of(scenario.kind, step.subject(), NUMBERED_EVENTS);
        deliveries.put(key, found.describe(Order.isPromisedBy(step.subject(), scenario.kind)));
    }

    private void measure(Step step, int round) {
        try {
            Measurement measurement =
                    Fork.measure(step.scenario(), step.scenario().at(step.variant(), step.subject()), round, mode);
            measurements.add(measurement);
            progress.measured(measurement);
        } catch (RunnerException e) {
            progress.failed(step, e);
        }
    }

    private void write() throws IOException {
        Results results = new Results(About.thisRun(mode.name()), measurements, deliveries);
        String name = mode.name() + "-jdk" + java;
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(name + ".json"), ResultsJson.write(results));
        Files.writeString(directory.resolve(name + ".md"), Tables.of(plan, results, java));
    }
}
