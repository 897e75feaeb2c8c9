package dev.convoke.benchmarks.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.benchmarks.journal.JournalResults.Sample;
import dev.convoke.benchmarks.journal.subject.Subjects;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JournalTableTest {
    private static final JournalScenario SCENARIO = new JournalScenario("D2", "a backlog", Subjects.ALL, site -> {
        throw new AssertionError("measures nothing");
    });

    @Test
    void compares_with_sql_alone_and_with_the_best_peer_within_a_round() {
        JournalResults results = results(
                sample(Subjects.SQL, 0, 1_000, ""),
                sample(Subjects.CONVOKE, 0, 500, ""),
                sample(Subjects.NAMASTACK, 0, 250, ""),
                sample(Subjects.DB_SCHEDULER, 0, 100, ""),
                sample(Subjects.SQL, 1, 10_000, ""),
                sample(Subjects.CONVOKE, 1, 5_000, ""),
                sample(Subjects.NAMASTACK, 1, 2_500, ""));

        assertThat(JournalTable.of(List.of(SCENARIO), results))
                .contains("| D2 a backlog | deliveries/s | 5,500 | 2,750 | 100 | 1,375 | 0.50 × | 2.00 × Namastack |")
                .contains("Each delivery was made exactly once");
    }

    @Test
    void marks_figures_of_a_subject_that_lost_something() {
        assertThat(JournalTable.of(List.of(SCENARIO), results(sample(Subjects.CONVOKE, 0, 500, "3 lost"))))
                .contains("500 (!)")
                .contains("- (!) D2, Convoke: deliveries 3 lost");
    }

    private static Sample sample(String subject, int round, double deliveries, String fault) {
        return new Sample("D2", subject, round, new Finding(Map.of(Figure.DELIVERIES, deliveries), fault));
    }

    private static JournalResults results(Sample... samples) {
        return new JournalResults(Map.of(), List.of(samples));
    }
}
