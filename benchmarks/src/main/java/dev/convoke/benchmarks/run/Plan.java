package dev.convoke.benchmarks.run;

import java.util.ArrayList;
import java.util.List;

/**
 * Which cases a run measures, in which order: within a round a scenario's subjects follow each other for each parameter,
 * so that a ratio is of two that were measured within seconds.
 */
final class Plan {
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    private final List<Scenario> scenarios;
    private final Mode mode;
    private final int java;

    Plan(List<Scenario> scenarios, Mode mode, int java) {
        this.scenarios = List.copyOf(scenarios);
        this.mode = mode;
        this.java = java;
    }

    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            for (String variant : variantsOf(scenario)) {
                for (String subject : subjectsOf(scenario)) {
                    if (isAvailable(subject) && !scenario.isTooMuchFor(subject, variant)) {
                        steps.add(new Step(scenario, variant, subject));
                    }
                }
            }
        }
        return steps;
    }

    List<Scenario> scenarios() {
        return scenarios;
    }

    List<String> variantsOf(Scenario scenario) {
        return mode.allVariants() ? scenario.variants : scenario.briefVariants;
    }

    List<String> subjectsOf(Scenario scenario) {
        return mode.allSubjects() ? scenario.subjects : scenario.briefSubjects;
    }

    /** Whom a subject is compared with; the pool where there are no virtual threads. */
    String limitOf(Scenario scenario, String subject) {
        String limit = scenario.limitOf(subject);
        return isAvailable(limit) ? limit : "L5";
    }

    /** Whether this Java has what the subject needs. */
    boolean isAvailable(String subject) {
        return java >= FIRST_WITH_VIRTUAL_THREADS || !subject.equals("L4");
    }
}
