package dev.convoke.examples.demo.summary;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LatencyTest {
    private static Stream<Duration> millisUpTo(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(Duration::ofMillis);
    }

    @Test
    void percentiles_are_durations_that_were_measured() {
        assertThat(Latency.of(millisUpTo(100)))
                .contains(new Latency(Duration.ofMillis(50), Duration.ofMillis(95), Duration.ofMillis(100)));
        assertThat(Latency.of(millisUpTo(3)))
                .contains(new Latency(Duration.ofMillis(2), Duration.ofMillis(3), Duration.ofMillis(3)));
        assertThat(Latency.of(millisUpTo(1)))
                .contains(new Latency(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(1)));
    }

    @Test
    void their_order_does_not_matter() {
        assertThat(Latency.of(Stream.of(3, 1, 2).map(Duration::ofMillis))).isEqualTo(Latency.of(millisUpTo(3)));
    }

    @Test
    void nothing_measured_gives_none() {
        assertThat(Latency.of(Stream.empty())).isEmpty();
    }
}
