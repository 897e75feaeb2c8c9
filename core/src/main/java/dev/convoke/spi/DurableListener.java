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

    /** The listener as it was subscribed, for a journal that knows listeners of its own. */
    AsyncListener<?> listener();

    /** Whether deliveries may be made now: it is neither paused nor closed. */
    boolean isReady();

    /**
     * Runs the listener once. The stage completes with the result, never exceptionally, when the listener has ended or its
     * time-out has come. Observers are told when the listener starts, and of nothing else: how the delivery goes on is the
     * journal's to decide, which then calls {@link #retried} or {@link #ended}.
     *
     * @param event as it was published
     * @param idempotencyKey what the listener's context says; the same for every attempt of the delivery
     * @param attempt which it is, from 1
     * @param resource what the listener may ask its {@link dev.convoke.listener.EventContext#resource context} for
     */
    CompletionStage<DeliveryResult> deliver(Event<?> event, String idempotencyKey, int attempt, Object resource);

    /**
     * Another attempt follows, and that is committed. Tells the observers, on this thread, before that attempt is made.
     *
     * @param failed how the attempt before ended
     * @param attempt the number of the one to come
     * @param delay the time until then
     */
    void retried(Event<?> event, DeliveryResult failed, int attempt, Duration delay);

    /**
     * A delivery has its final result, and that is committed. Called once for each delivery. Tells the observers, on this
     * thread, and forgets what the publisher's thread had for this listener.
     */
    void ended(Event<?> event, DeliveryResult result);

    /**
     * A delivery is not tried again, and that is committed: tells those who want to know of dead letters, on another thread.
     * Called once for each time that a delivery dies, after {@link #ended}.
     *
     * @param id what {@link EventJournal#retryDeadLetter} takes
     * @param attempts how many have ended
     * @param cause what the last one failed with
     */
    void died(String id, Event<?> event, int attempts, Throwable cause);
}
