package dev.convoke.spi;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A durable listener, as its journal sees it. Thread-safe.
 *
 * <p>The journal sees to its order, its concurrency and its retries.
 */
public interface DurableListener {
    /** The listener's id, under which its deliveries are kept. */
    String id();

    /** The event's name, or the pattern, that it was subscribed to. */
    String subscribedTo();

    /** The type of its events; null where it was subscribed to a pattern. */
    @Nullable EventType<?> type();

    /** How it is to be run. */
    ListenerOptions options();

    /** Whether deliveries may be made now: it is neither paused nor closed. */
    boolean isReady();

    /**
     * Runs the listener once; the stage completes with the result, never exceptionally, when the listener occupies nothing
     * any more or its time-out has come.
     *
     * @param event as it was published
     * @param attempt which it is, from 1
     * @param resource what the listener may ask its {@link dev.convoke.listener.EventContext#resource context} for
     */
    CompletionStage<DeliveryResult> deliver(Event<?> event, String idempotencyKey, int attempt, Object resource);

    /** Returns what the user subscribed, for a journal that knows its own adapters. */
    AsyncListener<?> listener();

    /** The journal has committed that another attempt follows: tells the observers. */
    void retried(Event<?> event, DeliveryResult failed, int attempt, Duration delay);

    /** The journal has committed the final result of a delivery: tells the observers, once. */
    void ended(Event<?> event, DeliveryResult result);

    /**
     * A delivery is not tried again, and that is committed: tells those who want to know of dead letters, on another thread.
     *
     * @param attempts how many have ended
     * @param cause what the last one failed with
     */
    void died(Event<?> event, int attempts, Throwable cause);
}
