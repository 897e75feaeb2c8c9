package dev.convoke.listener;

import dev.convoke.event.Event;
import java.time.Instant;
import java.util.Optional;

/**
 * What a listener can know of its delivery.
 *
 * <p>Thread-safe. It stays valid after the delivery has ended.
 */
public interface EventContext {
    /** The event with its envelope. */
    Event<?> event();

    /** Which attempt of the delivery this is, from 1. */
    int attempt();

    /** When the delivery times out, by the earlier of the listener's time-out and the publication's deadline. */
    Optional<Instant> deadline();

    /** Whether this attempt was cancelled or has timed out; what the listener does from then on has no effect. */
    boolean isCancelled();

    /**
     * Runs the callback once when this attempt is cancelled or timed out, or at once where it has been already; never
     * if it ends otherwise. It runs on the thread that cancels, or on one of the coordinator's; what it throws is logged.
     */
    void onCancel(Runnable callback);

    /**
     * The same text for every attempt of this delivery and no other: source, event id and listener id; of a durable listener,
     * what its journal says.
     */
    String idempotencyKey();

    /**
     * What whoever runs this delivery has for the listener, as a journal has its transaction; empty where there is nothing
     * of the type. For add-ons that make listeners.
     */
    default <T> Optional<T> resource(Class<T> type) {
        return Optional.empty();
    }
}
