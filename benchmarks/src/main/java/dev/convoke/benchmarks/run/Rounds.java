package dev.convoke.benchmarks.run;

import dev.convoke.benchmarks.report.About;
import dev.convoke.benchmarks.report.Measurement;
import dev.convoke.benchmarks.report.Results;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/** Measures each of a list of cases once in each round, and says how far it is; a case that fails is left out. */
final class Rounds {
    private static final int NUMBERED_EVENTS = 2_000;

    private final List<Step> steps;
    private final Mode mode;
    private final Map<String, String> deliveries = new LinkedHashMap<>();
    private final List<Measurement> measurements = new ArrayList<>();
    private final Progress progress;

    Rounds(List<Step> steps, Mode mode) {
        this.steps = List.copyOf(steps);
        this.mode = mode;
        this.progress = new Progress(steps.size() * mode.rounds());
    }

    /** Is given what there is after each round. */
    @FunctionalInterface
    interface Receiver {
        void accept(Results results) throws IOException;
    }

    /** Measures everything. */
    Results measure(Receiver afterEachRound) throws IOException {
        for (int round = 0; round < mode.rounds(); round++) {
            for (Step step : steps) {
                checkDeliveries(step);
                measure(step, round);
            }
            afterEachRound.accept(results());
        }
        progress.end();
        return results();
    }

    private Results results() {
        return new Results(About.thisRun(mode.name()), measurements, deliveries);
    }

    private void checkDeliveries(Step step) {
        Scenario scenario = step.scenario();
        String key = Results.deliveryKey(scenario.id, step.subject());
        if (scenario.kind == Kind.SILENT || deliveries.containsKey(key)) {
            return;
        }
        try {
            Deliveries found = DeliveryCheck.of(scenario.kind, step.subject(), NUMBERED_EVENTS);
            deliveries.put(key, found.describe(Order.isPromisedBy(step.subject(), scenario.kind)));
        } catch (Exception e) {
            deliveries.put(key, "check failed: " + e);
        }
    }

    private void measure(Step step, int round) {
        try {
            Measurement measurement = Fork.measure(step, round, mode);
            measurements.add(measurement);
            progress.measured(measurement);
        } catch (RunnerException e) {
            progress.failed(step, e);
        }
    }
}
