package dev.convoke.event;

import java.util.List;
import java.util.stream.Collectors;

/** Deliveries of one publication failed: the first in subscription order is the cause, the others are suppressed. */
public final class PublicationFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The failures of an outcome; one without any says that nobody succeeded. */
    public PublicationFailedException(Outcome outcome) {
        super(message(outcome));
        List<Throwable> failures =
                outcome.failures().stream().flatMap(r -> r.failure().stream()).toList();
        if (!failures.isEmpty()) {
            initCause(failures.get(0));
            failures.stream().skip(1).forEach(this::addSuppressed);
        }
    }

    private static String message(Outcome outcome) {
        String prefix = "event " + outcome.eventId() + ": ";
        List<DeliveryResult> failures = outcome.failures();
        if (failures.isEmpty()) {
            return prefix + "no listener succeeded, of " + outcome.results().size() + accepted(outcome);
        }
        return prefix + failures.size() + " of " + outcome.results().size() + " listeners failed: "
                + failures.stream().map(PublicationFailedException::line).collect(Collectors.joining("; "))
                + accepted(outcome);
    }

    /** Durable listeners are going to run: they have neither failed nor succeeded. */
    private static String accepted(Outcome outcome) {
        long count = outcome.results().stream()
                .filter(DeliveryResult.Accepted.class::isInstance)
                .count();
        return count == 0 ? "" : "; the journal accepted the event for " + count + " durable";
    }

    private static String line(DeliveryResult failure) {
        return failure instanceof DeliveryResult.Failed failed
                ? failed.listener() + ": " + text(failed.cause())
                : failure.failure().map(Throwable::getMessage).orElse(failure.listener());
    }

    /** The text is made by the listener's own exception, which may fail at it. */
    private static String text(Throwable cause) {
        try {
            return cause.toString();
        } catch (RuntimeException e) {
            return cause.getClass().getName();
        }
    }
}
