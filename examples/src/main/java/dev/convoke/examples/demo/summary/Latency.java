package dev.convoke.examples.demo.summary;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What half, 95 % and all of some durations do not exceed. */
record Latency(Duration p50, Duration p95, Duration max) {
    /** Empty where there are no durations. */
    static Optional<Latency> of(Stream<Duration> durations) {
        List<Duration> sorted = durations.sorted().toList();
        return sorted.isEmpty()
                ? Optional.empty()
                : Optional.of(new Latency(percentile(sorted, 50), percentile(sorted, 95), percentile(sorted, 100)));
    }

    /** By nearest rank: a duration that was measured, and nothing between two of them. */
    private static Duration percentile(List<Duration> sorted, int percent) {
        int rank = (sorted.size() * percent + 99) / 100;
        return sorted.get(rank - 1);
    }
}
