package dev.convoke.journal;

import java.util.Optional;

/**
 * Which dead deliveries are meant: {@code DeadSelection.all().listener("billing").reason(FAILED)}.
 *
 * <p>Thread-safe: immutable.
 *
 * @param error what the error begins with
 */
public record DeadSelection(
        Optional<String> listener, Optional<DeadReason> reason, Optional<String> error, Optional<String> eventId) {
    private static final DeadSelection ALL =
            new DeadSelection(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Every one. */
    public static DeadSelection all() {
        return ALL;
    }

    /** Of these, those of this listener. */
    public DeadSelection listener(String id) {
        return new DeadSelection(Optional.of(id), reason, error, eventId);
    }

    /** Of these, those that are dead for this reason. */
    public DeadSelection reason(DeadReason why) {
        return new DeadSelection(listener, Optional.of(why), error, eventId);
    }

    /** Of these, those whose error begins so. */
    public DeadSelection error(String beginning) {
        return new DeadSelection(listener, reason, Optional.of(beginning), eventId);
    }

    /** Of these, those of events with this id. */
    public DeadSelection event(String id) {
        return new DeadSelection(listener, reason, error, Optional.of(id));
    }
}
