package dev.convoke.benchmarks.run;

import dev.convoke.benchmarks.report.Case;

/** One subject to measure in one variant of a scenario. */
record Step(Scenario scenario, String variant, String subject) {
    /** What the results know it by. */
    Case measured() {
        return scenario.at(variant, subject);
    }
}
