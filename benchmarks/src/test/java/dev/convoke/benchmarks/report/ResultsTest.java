package dev.convoke.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResultsTest {
    @Test
    void a_ratio_is_taken_within_each_round_and_then_the_median() {
        Results results = new Sample().round(20, 10).round(90, 30).round(10, 10).results();

        assertThat(results.medianRatio(Sample.OURS, Sample.LIMIT, Metric.TIME)).hasValue(2);
        assertThat(results.median(Sample.OURS, Metric.TIME)).hasValue(20);
    }

    @Test
    void what_was_not_measured_has_neither() {
        Results results = new Sample().results();

        assertThat(results.median(Sample.OURS, Metric.TIME)).isEmpty();
        assertThat(results.medianRatio(Sample.OURS, Sample.LIMIT, Metric.TIME)).isEmpty();
    }

    @Test
    void they_are_the_same_after_being_written_and_read() {
        Results results = new Sample().round(20, 10).results();

        assertThat(ResultsJson.read(ResultsJson.write(results))).isEqualTo(results);
    }
}
