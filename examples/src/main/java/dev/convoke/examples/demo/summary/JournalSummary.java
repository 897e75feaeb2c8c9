package dev.convoke.examples.demo.summary;

import dev.convoke.examples.demo.github.MalformedLine;
import dev.convoke.examples.demo.listeners.Work;
import dev.convoke.journal.EventStatus;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sums up what a journal says of its events: what happened in this process and in those before it.
 *
 * <p>Thread-safe: immutable.
 */
public final class JournalSummary {
    private static final String TIMEOUT = "TimeoutException";

    private final List<EventStatus> events;

    /**
     * Of a journal in which every listener wants every event.
     *
     * @param events in the order of their publication; all of them settled
     */
    public JournalSummary(List<EventStatus> events) {
        this.events = List.copyOf(events);
    }

    /**
     * The summary.
     *
     * @param recorder how long it took in this process
     */
    public Summary of(JournalRecorder recorder, List<String> listeners, Work work, List<MalformedLine> malformed) {
        return new Summary(
                events.size(),
                listeners.stream().map(name -> listener(name, recorder)).toList(),
                recorder.took(listeners),
                recorder.accepted(),
                recorder.elapsed(),
                Optional.empty(),
                work,
                malformed);
    }

    /** A delivery that is dead, and its event. */
    private record Dead(EventStatus event, EventStatus.Delivery delivery) {
        ResultKind kind() {
            return delivery.error().filter(Dead::isTimeout).isPresent() ? ResultKind.TIMED_OUT : ResultKind.FAILED;
        }

        private static boolean isTimeout(String error) {
            return className(error).endsWith(TIMEOUT);
        }

        FailureGroup failure() {
            return new FailureGroup(cause(), 1, event.name(), event.eventId());
        }

        /** As it reads without a journal, which keeps the exceptions' texts. */
        private String cause() {
            String error = delivery.error()
                    .orElseGet(() -> String.valueOf(delivery.reason().orElse(null)));
            String className = className(error);
            String message = error.substring(className.length());
            return isTimeout(error)
                    ? message.replaceFirst("^: ", "")
                    : className.substring(className.lastIndexOf('.') + 1) + message;
        }

        private static String className(String error) {
            return error.split(":", 2)[0];
        }
    }

    private ListenerSummary listener(String name, JournalRecorder recorder) {
        List<Dead> dead = events.stream()
                .flatMap(event -> event.open().stream().map(delivery -> new Dead(event, delivery)))
                .filter(one -> one.delivery.listener().equals(name))
                .toList();
        return new ListenerSummary(
                name,
                counts(dead),
                recorder.took(name),
                FailureGroup.of(dead.stream().map(Dead::failure)));
    }

    private Map<ResultKind, Integer> counts(List<Dead> dead) {
        Map<ResultKind, Integer> counts = new EnumMap<>(ResultKind.class);
        counts.put(ResultKind.SUCCEEDED, events.size() - dead.size());
        dead.forEach(one -> counts.merge(one.kind(), 1, Integer::sum));
        return counts;
    }
}
