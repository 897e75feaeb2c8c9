package dev.convoke.examples.demo.summary;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.spi.CoordinatorObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Writes down how long things take in this process: what they come to is the journal's to say.
 *
 * <p>Thread-safe.
 */
public final class JournalRecorder implements CoordinatorObserver {
    private final long began = System.nanoTime();
    private final Map<String, Queue<Duration>> took = new ConcurrentHashMap<>();
    private final Queue<Duration> accepted = new ConcurrentLinkedQueue<>();

    @Override
    public void onResult(Event<?> event, DeliveryResult result) {
        if (result.attempts() > 0) { // else it is what the publisher hears
            took.computeIfAbsent(result.listener(), name -> new ConcurrentLinkedQueue<>())
                    .add(result.took());
        }
    }

    /** A publication was accepted, so long after it was made. */
    public void onAccepted(Duration latency) {
        accepted.add(latency);
    }

    Optional<Latency> took(String listener) {
        return Latency.of(took.getOrDefault(listener, new ConcurrentLinkedQueue<>()).stream());
    }

    Optional<Latency> took(List<String> listeners) {
        return Latency.of(
                listeners.stream().flatMap(name -> took.getOrDefault(name, new ConcurrentLinkedQueue<>()).stream()));
    }

    Optional<Latency> accepted() {
        return Latency.of(accepted.stream());
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
