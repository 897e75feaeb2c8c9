package dev.convoke.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.benchmarks.report.Case;
import dev.convoke.benchmarks.report.Goal;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScenariosTest {
    private static final Mode EVERYTHING = Mode.FULL;

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void each_goal_is_about_what_a_full_run_measures(int java) {
        List<Case> measured = new Plan(Scenarios.ALL, EVERYTHING, java)
                .steps().stream().map(Step::measured).toList();

        for (Goal goal : Goals.on(java)) {
            assertThat(measured).contains(goal.of());
            if (goal.other() != null) {
                assertThat(measured).contains(goal.other());
            }
        }
    }

    @Test
    void without_virtual_threads_nobody_is_measured_who_needs_them() {
        Stream<String> subjects =
                new Plan(Scenarios.ALL, EVERYTHING, 17).steps().stream().map(Step::subject);

        assertThat(subjects).isNotEmpty().doesNotContain("L4");
    }

    @Test
    void what_is_too_slow_is_left_out() {
        List<Step> steps = new Plan(List.of(Scenarios.withId("S6")), EVERYTHING, 25).steps();

        assertThat(steps)
                .filteredOn(step -> step.variant().equals("100000"))
                .extracting(Step::subject)
                .contains("Spring")
                .doesNotContain("Guava");
    }
}
