package dev.convoke.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoalTest {
    private final Results results = new Sample().round(51, 37).results();

    @Test
    void is_met_up_to_the_bound() {
        Goal goal = Goal.atMost(Sample.OURS, Metric.TIME, 1.2, Sample.LIMIT).plus(7);

        assertThat(goal.verdict(results)).isEqualTo("≤ 51.4 ns (1.2 × L3 + 7) met");
    }

    @Test
    void is_missed_above_it_and_says_by_what() {
        Goal goal = Goal.atMost(Sample.OURS, Metric.TIME, 1.2, Sample.LIMIT);

        assertThat(goal.verdict(results)).isEqualTo("≤ 44.4 ns (1.2 × L3) **missed** (51.0 ns)");
    }

    @Test
    void may_be_a_number() {
        assertThat(Goal.atMost(Sample.OURS, Metric.BYTES, 24).verdict(results)).isEqualTo("≤ 24 B met");
        assertThat(Goal.atMost(Sample.OURS, Metric.BYTES, 0).verdict(results)).isEqualTo("≤ 0 B **missed** (24 B)");
    }

    @Test
    void bytes_that_the_machine_itself_allocates_do_not_count() {
        assertThat(Goal.atMost(Sample.OURS, Metric.BYTES, 23.6).verdict(results))
                .endsWith("met");
    }

    @Test
    void says_nothing_where_one_of_the_two_was_not_measured() {
        Case other = new Case("S1", "16", "L9");

        assertThat(Goal.atMost(Sample.OURS, Metric.TIME, 1, other).verdict(results))
                .isEmpty();
    }
}
