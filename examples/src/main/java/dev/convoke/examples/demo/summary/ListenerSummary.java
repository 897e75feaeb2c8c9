package dev.convoke.examples.demo.summary;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All deliveries to one listener.
 *
 * @param listener its id
 * @param counts how many there are of each kind of result
 * @param took from the listener's start to its result; empty where there is none
 * @param failures grouped by cause, the largest group first
 */
record ListenerSummary(
        String listener, Map<ResultKind, Integer> counts, Optional<Latency> took, List<FailureGroup> failures) {
    ListenerSummary {
        counts = Map.copyOf(counts);
        failures = List.copyOf(failures);
    }

    int count(ResultKind kind) {
        return counts.getOrDefault(kind, 0);
    }

    int failureCount() {
        return failures.stream().mapToInt(FailureGroup::count).sum();
    }
}
