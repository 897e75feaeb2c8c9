package dev.convoke.testkit;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.EventArguments;
import dev.convoke.event.Outcome;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.presentation.Representation;
import org.assertj.core.presentation.StandardRepresentation;
import org.jspecify.annotations.Nullable;

/**
 * How failure messages tell what was recorded.
 *
 * <p>Thread-safe where the representation is: it has nothing else.
 *
 * @param representation how payloads, values and exceptions are told
 */
record Wording(Representation representation) {
    /** Where a list in a message ends; the rest is counted. */
    private static final int MOST_LINES = 50;

    static Wording plain() {
        return new Wording(StandardRepresentation.STANDARD_REPRESENTATION);
    }

    /** A line for each publication, each after a line break. */
    String list(List<Recording> recordings) {
        if (recordings.isEmpty()) {
            return " nothing";
        }
        String lines = recordings.stream()
                .limit(MOST_LINES)
                .map(recording -> "\n  " + recording(recording))
                .collect(Collectors.joining());
        int more = recordings.size() - MOST_LINES;
        return more > 0 ? lines + "\n  … and " + more + " more" : lines;
    }

    String recording(Recording recording) {
        return event(recording.event()) + " → "
                + recording.outcome().map(this::outcome).orElseGet(() -> unfinished(recording));
    }

    private String event(Event<?> event) {
        return event.type().name() + " " + payload(event.payload()) + " [" + event.id() + "]";
    }

    String payload(Object payload) {
        return payload instanceof EventArguments arguments ? arguments(arguments) : value(payload);
    }

    private String arguments(EventArguments arguments) {
        String positional = arguments.positional().stream().map(this::value).collect(Collectors.joining(", "));
        String named = arguments.named().entrySet().stream()
                .map(entry -> entry.getKey() + ": " + value(entry.getValue()))
                .collect(Collectors.joining(", "));
        String both = positional.isEmpty() || named.isEmpty() ? positional + named : positional + ", " + named;
        return "(" + both + ")";
    }

    String outcome(Outcome outcome) {
        if (outcome.refusal().isPresent()) {
            return "refused: " + outcome.refusal().get();
        }
        return outcome.results().isEmpty() ? "no listener" : results(outcome.results());
    }

    String results(List<DeliveryResult> results) {
        return results.stream().map(this::result).collect(Collectors.joining(", "));
    }

    private String unfinished(Recording recording) {
        int waiting = recording.listeners()
                - recording.results().size()
                - recording.unresolved().size();
        return "unfinished: " + (recording.results().isEmpty() ? "" : results(recording.results()) + ", ")
                + recording.unresolved().stream()
                        .map(listener -> listener + " running, ")
                        .collect(Collectors.joining())
                + waiting + " not started";
    }

    String result(DeliveryResult result) {
        return result.listener() + " " + whatBecame(result);
    }

    private String whatBecame(DeliveryResult result) {
        if (result instanceof DeliveryResult.Succeeded succeeded) {
            return "succeeded with " + value(succeeded.value());
        }
        if (result instanceof DeliveryResult.Failed failed) {
            return "failed with " + failed.cause();
        }
        if (result instanceof DeliveryResult.TimedOut timedOut) {
            return "timed out after " + timedOut.after();
        }
        if (result instanceof DeliveryResult.Skipped skipped) {
            return "was skipped: " + skipped.reason();
        }
        if (result instanceof DeliveryResult.Rejected rejected) {
            return "was rejected: " + rejected.reason();
        }
        return result instanceof DeliveryResult.Cancelled ? "was cancelled" : "was accepted";
    }

    String value(@Nullable Object value) {
        return String.valueOf(representation.toStringOf(value));
    }
}
