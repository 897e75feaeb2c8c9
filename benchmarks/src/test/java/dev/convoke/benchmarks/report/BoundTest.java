package dev.convoke.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BoundTest {
    private static final double EXPECTED = 1.4;
    private static final Bound BOUND = new Bound(Sample.OURS, "L3", Metric.TIME, 1.8 * EXPECTED);

    @Test
    void holds_for_what_is_expected_though_one_round_was_disturbed() {
        Results results = new Sample().round(14, 10).round(90, 10).round(15, 11).results();

        assertThat(BOUND.holds(results)).isTrue();
        assertThat(BOUND.verdict(results)).isEqualTo("S1 16 Convoke, ns: 1.40 × L3, at most 2.52: passed");
    }

    @Test
    void fails_when_a_path_takes_twice_as_long() {
        Results doubled = new Sample().round(28, 10).round(28, 10).round(30, 11).results();

        assertThat(BOUND.holds(doubled)).isFalse();
        assertThat(BOUND.verdict(doubled)).endsWith("FAILED");
    }

    @Test
    void fails_when_nothing_was_measured() {
        assertThat(BOUND.holds(new Sample().results())).isFalse();
    }
}
