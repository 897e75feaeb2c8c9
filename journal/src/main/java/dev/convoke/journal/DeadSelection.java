package dev.convoke.journal;

import java.util.Optional;

/**
 * Which dead deliveries are meant: {@code DeadSelection.all().listener("billing").reason(FAILED)}.
 *
 * <p>Thread-safe: immutable.
 *
 * @param listener the listener's current name
 * @param error what the error begins with
 * @param errorLine the whole first line of the error; empty text where there is no error
 * @param eventId the event's id
 * @param delivery the delivery's {@linkplain DeadDelivery#id id}
 */
public record DeadSelection(
        Optional<String> listener,
        Optional<DeadReason> reason,
        Optional<String> error,
        Optional<String> errorLine,
        Optional<String> eventId,
        Optional<String> delivery) {
    private static final DeadSelection ALL = new DeadSelection(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Selects every one. */
    public static DeadSelection all() {
        return ALL;
    }

    /** Selects, of these, those of the listener that has this name now. */
    public DeadSelection listener(String name) {
        return new DeadSelection(Optional.of(name), reason, error, errorLine, eventId, delivery);
    }

    /** Selects, of these, those that are dead for this reason. */
    public DeadSelection reason(DeadReason why) {
        return new DeadSelection(listener, Optional.of(why), error, errorLine, eventId, delivery);
    }

    /** Selects, of these, those whose error begins with this text. To select a {@link DeadGroup}, use its selection. */
    public DeadSelection error(String beginning) {
        return new DeadSelection(listener, reason, Optional.of(beginning), errorLine, eventId, delivery);
    }

    /** Selects, of these, those whose error has exactly this first line; with an empty text, those that have none. */
    public DeadSelection errorLine(String line) {
        return new DeadSelection(listener, reason, error, Optional.of(line), eventId, delivery);
    }

    /** Selects, of these, those of events with this id. */
    public DeadSelection event(String id) {
        return new DeadSelection(listener, reason, error, errorLine, Optional.of(id), delivery);
    }

    /** Selects, of these, the one with this {@linkplain DeadDelivery#id id}; none if no delivery has such an id. */
    public DeadSelection delivery(String id) {
        return new DeadSelection(listener, reason, error, errorLine, eventId, Optional.of(id));
    }
}
