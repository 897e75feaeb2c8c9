package dev.convoke.examples.demo.summary;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.examples.demo.github.MalformedLine;
import dev.convoke.examples.demo.listeners.Work;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What became of all publications of a run.
 *
 * @param publications in the order in which they were made
 * @param listeners each one's deliveries
 * @param took of all deliveries, each from the listener's start to its result
 * @param latency of the publications, each to its outcome
 * @param elapsed from the first publication to the last outcome
 * @param work what the listeners have done
 * @param malformed the lines that could not be published
 */
public record Summary(
        List<PublicationTrace> publications,
        List<ListenerSummary> listeners,
        Optional<Latency> took,
        Optional<Latency> latency,
        Duration elapsed,
        Work work,
        List<MalformedLine> malformed) {
    /** Copies of the lists are kept. */
    public Summary {
        publications = List.copyOf(publications);
        listeners = List.copyOf(listeners);
        malformed = List.copyOf(malformed);
    }

    /** Sums up what was recorded of these listeners. */
    public static Summary of(Recorder recorder, List<String> listeners, Work work, List<MalformedLine> malformed) {
        List<PublicationTrace> publications = recorder.publications();
        return new Summary(
                publications,
                listeners.stream().map(name -> summary(name, publications)).toList(),
                Latency.of(publications.stream()
                        .flatMap(publication -> publication.deliveries().stream())
                        .map(delivery -> delivery.result().took())),
                Latency.of(publications.stream().map(PublicationTrace::took)),
                elapsed(publications),
                work,
                malformed);
    }

    private static Duration elapsed(List<PublicationTrace> publications) {
        return publications.stream()
                .map(publication -> publication.published().plus(publication.took()))
                .max(Comparator.naturalOrder())
                .map(last -> last.minus(publications.get(0).published()))
                .orElse(Duration.ZERO);
    }

    /** A result and the event that it is about. */
    private record Delivery(Event<?> event, DeliveryResult result) {}

    private static ListenerSummary summary(String listener, List<PublicationTrace> publications) {
        List<Delivery> deliveries = publications.stream()
                .flatMap(publication -> publication.deliveries().stream()
                        .map(delivery -> new Delivery(publication.event(), delivery.result())))
                .filter(delivery -> delivery.result().listener().equals(listener))
                .toList();
        return new ListenerSummary(
                listener,
                counts(deliveries),
                Latency.of(deliveries.stream().map(delivery -> delivery.result().took())),
                failures(deliveries));
    }

    private static Map<ResultKind, Integer> counts(List<Delivery> deliveries) {
        return deliveries.stream()
                .collect(Collectors.toMap(
                        delivery -> ResultKind.of(delivery.result()),
                        delivery -> 1,
                        Integer::sum,
                        () -> new EnumMap<>(ResultKind.class)));
    }

    private static List<FailureGroup> failures(List<Delivery> deliveries) {
        Map<String, FailureGroup> groups = new LinkedHashMap<>();
        for (Delivery delivery : deliveries) {
            if (delivery.result().isFailure()) {
                String cause = FailureGroup.cause(delivery.result());
                groups.merge(cause, new FailureGroup(cause, 1, delivery.event()), FailureGroup::and);
            }
        }
        return groups.values().stream()
                .sorted(Comparator.comparingInt(FailureGroup::count).reversed())
                .toList();
    }

    /** How many deliveries ended so. */
    int count(ResultKind kind) {
        return listeners.stream().mapToInt(listener -> listener.count(kind)).sum();
    }

    int deliveryCount() {
        return publications.stream()
                .mapToInt(publication -> publication.deliveries().size())
                .sum();
    }

    /** The publication that took the longest; empty where none was made. */
    Optional<PublicationTrace> slowest() {
        return publications.stream().max(Comparator.comparing(PublicationTrace::took));
    }
}
