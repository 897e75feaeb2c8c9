package dev.convoke.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void has_a_line_for_each_subject_and_no_empty_columns() {
        Results results = new Sample().round(20, 10).results();
        Table table = new Table("listeners", Metric.TIME);
        table.add(Row.of(results, Sample.OURS, Sample.LIMIT, Metric.TIME, ""));
        table.add(Row.of(results, Sample.LIMIT, Sample.LIMIT, Metric.TIME, ""));
        table.add(Row.leftOut(new Case("S1", "16", "Guava"), "left out"));

        assertThat(table.markdown()).isEqualTo("""
                        | listeners | subject | time | ratio | bytes | events |
                        | --- | --- | --: | --: | --: | --- |
                        | 16 | Convoke | 20.0 ns | 2.00 × L3 | 24 B | kept in order |
                        | 16 | L3 | 10.0 ns |  | 0 B |  |
                        | 16 | Guava | left out |  |  |  |
                        """);
    }
}
