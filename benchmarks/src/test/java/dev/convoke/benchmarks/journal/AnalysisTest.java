package dev.convoke.benchmarks.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.benchmarks.journal.child.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AnalysisTest {
    private static final long[] PUBLISHED = {10, 20, 30};
    private static final long[] COMMITTED = {15, 27, 39};

    @Test
    void waits_are_measured_from_the_call_and_from_the_commit() {
        Analysis analysis = analysis(worker(0, 17, 28, 49));

        assertThat(analysis.untilCommitted(0)).containsExactly(5, 7, 9);
        assertThat(analysis.untilStarted(0)).containsExactly(1, 2, 10);
        assertThat(analysis.untilStarted(20)).as("published from then on").containsExactly(1, 10);
    }

    @Test
    void a_delivery_that_starts_before_the_publisher_knows_of_its_commit_has_waited_for_nothing() {
        assertThat(analysis(worker(0, 14, 28, 49)).untilStarted(0)).containsExactly(0, 1, 10);
    }

    @Test
    void what_is_committed_and_not_begun_is_waiting() {
        Analysis analysis = analysis(worker(0, 17, 50, 51));

        assertThat(analysis.waitingAt(30)).isEqualTo(1);
        assertThat(analysis.committedBetween(20, 40)).isEqualTo(2);
        assertThat(analysis.startedBetween(0, 51)).isEqualTo(2);
    }

    @Test
    void each_delivery_made_once_is_no_fault_whoever_made_it() {
        assertThat(analysis(worker(0, 17, 0, 0), worker(0, 0, 30, 41)).fault()).isEmpty();
    }

    @Test
    void two_processes_that_make_the_same_delivery_are_a_fault() {
        assertThat(analysis(worker(0, 17, 28, 0), worker(0, 0, 30, 41)).fault()).isEqualTo("1 twice");
    }

    @Test
    void repeated_misordered_and_lost_deliveries_are_faults() {
        assertThat(analysis(worker(2, 17, 28, 41)).fault()).isEqualTo("2 twice");
        assertThat(analysis(new Trace(0, new long[0], new long[0], List.of(new long[] {17, 28, 41}), 0, 3, 0, 0))
                        .fault())
                .isEqualTo("3 in the wrong order");
        assertThat(analysis(worker(0, 17, 28)).fault()).isEqualTo("1 lost");
        assertThat(new Analysis(publisher(), List.of(worker(0, 17)), 1, false).fault())
                .isEqualTo("2 left when the time was over");
    }

    @Test
    void the_first_and_last_tenth_do_not_count() {
        long[] oneEachMillisecondInTheMiddle = new long[1_000];
        Arrays.setAll(oneEachMillisecondInTheMiddle, i -> (i < 100 ? 0 : i < 900 ? i : i * 10L) * 1_000_000L + 1);

        assertThat(analysis(worker(0, oneEachMillisecondInTheMiddle)).middlePerSecond())
                .isEqualTo(1_000);
    }

    @Test
    void percentiles_are_in_milliseconds() {
        long[] sorted = LongStream.rangeClosed(0, 100).map(i -> i * 1_000_000).toArray();

        assertThat(Analysis.percentileMillis(sorted, 50)).isEqualTo(50);
        assertThat(Analysis.percentileMillis(sorted, 99)).isEqualTo(99);
    }

    private static Trace publisher() {
        return new Trace(0, PUBLISHED, COMMITTED, List.of(), 0, 0, 0, 0);
    }

    private static Trace worker(long repeated, long... started) {
        return new Trace(0, new long[0], new long[0], List.of(started), repeated, 0, 0, 0);
    }

    private static Analysis analysis(Trace... workers) {
        return new Analysis(publisher(), List.of(workers), 1, true);
    }
}
