package dev.convoke.examples.demo.summary;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.examples.demo.github.MalformedLine;
import dev.convoke.examples.demo.listeners.Work;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What became of all publications of a run.
 *
 * @param publications how many there are
 * @param listeners each one's deliveries
 * @param took of all deliveries, each from the listener's start to its result
 * @param latency of the publications, each to its outcome
 * @param elapsed from the first publication to the last outcome
 * @param slowest the publication that took the longest; empty where none was made, or its deliveries are a journal's
 * @param work what the listeners have done
 * @param malformed the lines that could not be published
 */
public record Summary(
        int publications,
        List<ListenerSummary> listeners,
        Optional<Latency> took,
        Optional<Latency> latency,
        Duration elapsed,
        Optional<PublicationTrace> slowest,
        Work work,
        List<MalformedLine> malformed) {
    /** Copies of the lists are kept. */
    public Summary {
        listeners = List.copyOf(listeners);
        malformed = List.copyOf(malformed);
    }

    /** Sums up what was recorded of these listeners. */
    public static Summary of(Recorder recorder, List<String> listeners, Work work, List<MalformedLine> malformed) {
        List<PublicationTrace> publications = recorder.publications();
        return new Summary(
                publications.size(),
                listeners.stream().map(name -> summary(name, publications)).toList(),
                Latency.of(publications.stream()
                        .flatMap(publication -> publication.deliveries().stream())
                        .map(delivery -> delivery.result().took())),
                Latency.of(publications.stream().map(PublicationTrace::took)),
                elapsed(publications),
                publications.stream().max(Comparator.comparing(PublicationTrace::took)),
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
    private record Delivery(Event<?> event, DeliveryResult result) {
        FailureGroup failure() {
            return new FailureGroup(FailureGroup.cause(result), 1, event.type().name(), event.id());
        }
    }

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
        return FailureGroup.of(deliveries.stream()
                .filter(delivery -> delivery.result().isFailure())
                .map(Delivery::failure));
    }

    /** How many deliveries ended so. */
    int count(ResultKind kind) {
        return listeners.stream().mapToInt(listener -> listener.count(kind)).sum();
    }

    int deliveryCount() {
        return Stream.of(ResultKind.values()).mapToInt(this::count).sum();
    }
}
