package dev.convoke.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Results as a run would have them, written by hand. */
final class Sample {
    static final Case OURS = new Case("S1", "16", "Convoke");
    static final Case LIMIT = new Case("S1", "16", "L3");

    private final List<Measurement> measurements = new ArrayList<>();

    /** One round, with these times. */
    Sample round(double ours, double limit) {
        int round = measurements.size() / 2;
        measurements.add(new Measurement(LIMIT, round, limit, 0, limit));
        measurements.add(new Measurement(OURS, round, ours, 24, ours));
        return this;
    }

    Results results() {
        return new Results(
                Map.of("mode", "sample", "java", "25"),
                measurements,
                Map.of(Results.deliveryKey("S1", "Convoke"), "kept in order"));
    }
}
