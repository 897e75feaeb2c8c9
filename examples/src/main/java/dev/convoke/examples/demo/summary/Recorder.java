package dev.convoke.examples.demo.summary;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.Outcome;
import dev.convoke.spi.CoordinatorObserver;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Writes down when publications are made, when their deliveries end, and what the outcomes are.
 *
 * <p>Thread-safe.
 */
public final class Recorder implements CoordinatorObserver {
    private final long began = System.nanoTime();
    private final Map<String, Times> open = new ConcurrentHashMap<>();
    private final Queue<PublicationTrace> ended = new ConcurrentLinkedQueue<>();

    /** What is known of a publication before its outcome. */
    private static final class Times {
        final Duration published;
        final Map<String, Duration> ends = new ConcurrentHashMap<>();

        Times(Duration published) {
            this.published = published;
        }

        PublicationTrace end(Event<?> event, Outcome outcome, Duration now) {
            List<DeliveryTrace> deliveries =
                    outcome.results().stream().map(result -> trace(result, now)).toList();
            return new PublicationTrace(event, published, now.minus(published), deliveries);
        }

        private DeliveryTrace trace(DeliveryResult result, Duration now) {
            Duration start = ends.getOrDefault(result.listener(), now).minus(result.took());
            return new DeliveryTrace(start.minus(published), result);
        }
    }

    private Duration now() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @Override
    public void onPublish(Event<?> event, int listeners) {
        open.put(event.id(), new Times(now()));
    }

    @Override
    public void onResult(Event<?> event, DeliveryResult result) {
        Times times = open.get(event.id());
        if (times != null) {
            times.ends.put(result.listener(), now());
        }
    }

    @Override
    public void onOutcome(Event<?> event, Outcome outcome) {
        Times times = open.remove(event.id());
        if (times != null) {
            ended.add(times.end(event, outcome, now()));
        }
    }

    /** The publications that have their outcome, in the order in which they were published. */
    List<PublicationTrace> publications() {
        return ended.stream()
                .sorted(Comparator.comparing(PublicationTrace::published))
                .toList();
    }
}
