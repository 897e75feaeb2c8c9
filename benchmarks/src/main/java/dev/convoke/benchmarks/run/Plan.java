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
                    if (!scenario.isTooMuchFor(subject, variant)) {
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
        List<String> subjects = mode.allSubjects() ? scenario.subjects : scenario.briefSubjects;
        return subjects.stream().filter(this::isAvailable).toList();
    }

    private boolean isAvailable(String subject) {
        return java >= FIRST_WITH_VIRTUAL_THREADS || !subject.equals("L4");
    }
}
