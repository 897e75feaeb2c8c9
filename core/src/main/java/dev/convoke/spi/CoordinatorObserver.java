package dev.convoke.spi;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.Outcome;
import dev.convoke.event.SlowDelivery;
import java.time.Duration;

/**
 * Is told what happens in a coordinator.
 *
 * <p>Called concurrently, on the thread where it happens, so return quickly; never on the timer's thread, and with no
 * lock held. What a method throws is logged and stops nothing.
 *
 * <p>Of a durable listener it is told what happens in its own process: each start, each retry, and one result when the
 * journal has committed that, perhaps long after the publication's outcome, and perhaps of an event that another process
 * published. That the journal has accepted an event is in the outcome alone. That it certainly did not store an event is a
 * result, at publish: nothing follows.
 */
public interface CoordinatorObserver {
    /** An event was published to so many listeners; none of them has started. Not told of a refused publication. */
    default void onPublish(Event<?> event, int listeners) {}

    /** A listener is about to be called, on this thread. */
    default void onStart(Event<?> event, String listener, int attempt) {}

    /**
     * An attempt failed, and another one follows.
     *
     * @param failed how it ended
     * @param attempt the number of the one to come
     * @param delay the time until then
     */
    default void onRetry(Event<?> event, DeliveryResult failed, int attempt, Duration delay) {}

    /** A delivery of a retrying listener was tried, and is not tried again. */
    default void onDeadLetter(DeadLetter letter) {}

    /** A delivery has its result; its listener may still be running where it was cancelled or timed out. */
    default void onResult(Event<?> event, DeliveryResult result) {}

    /** A publication has its outcome, whose futures are completed next. Also told of a refused publication. */
    default void onOutcome(Event<?> event, Outcome outcome) {}

    /**
     * A listener ended after its delivery had been cancelled or timed out.
     *
     * @param took from its start
     */
    default void onLateCompletion(Event<?> event, String listener, Duration took) {}

    /** A delivery has been running for longer than the slow threshold; told once for each. */
    default void onSlow(SlowDelivery delivery) {}
}
