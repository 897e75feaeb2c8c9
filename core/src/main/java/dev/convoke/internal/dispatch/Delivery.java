package dev.convoke.internal.dispatch;

import dev.convoke.internal.resolve.Registration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * One publication at one listener, for those who wait for it, stop it, or tell of it.
 *
 * <p>Thread-safe.
 */
sealed interface Delivery permits DeliveryContext, Pending, HandOff {
    LivePublication<?> publication();

    Registration registration();

    default String listenerId() {
        return registration().listenerId();
    }

    /** How often the listener was tried. */
    int attempts();

    /** By the ticker; 0 where it was not started, or is not watched. */
    default long startedAt() {
        return 0;
    }

    /** From its start to its result, or until now. */
    Duration took();

    boolean hasStarted();

    /** Whether it has its result and occupies nothing any more. */
    boolean hasEnded();

    /** Whether it runs on the publisher's thread. */
    boolean isInline();

    /** Where the listener's thread stands; empty where none is in it. */
    default List<StackTraceElement> stack() {
        return List.of();
    }

    /** Says once that it is to be reported as slow. */
    default boolean reportSlowOnce() {
        return false;
    }

    // ---- stopping ----

    /** Times it out, unless it has its result. The caller goes on with {@link #finish}. */
    boolean stopAfter(Duration allowed);

    /** Cancels it, unless it has its result. The caller goes on with {@link #finish}. */
    boolean stopCancelled();

    /** What there is to be halted: the latest attempt. */
    default Delivery latest() {
        return this;
    }

    /** Ends what a stopped delivery occupies, as far as that is ours to end. Runs no user code of this delivery's. */
    void halt();

    /** Whether there is anything to tell the listener of a delivery that was halted. */
    boolean hasToTell();

    /** Cancels the stage and runs the callbacks of a delivery that was halted: user code. */
    void tellListener();

    /** The delivery's result counts from now on. */
    void arrive();

    /** Ends deliveries that were stopped: all of them halt before any of a user's code can hold that up. */
    static void finish(List<? extends Delivery> stopped, Executor listeners, Executor futures) {
        stopped.forEach(delivery -> delivery.latest().halt());
        for (Delivery delivery : stopped) {
            if (delivery.hasToTell()) {
                listeners.execute(delivery::tellListener);
            }
        }
        if (!stopped.isEmpty()) {
            futures.execute(() -> stopped.forEach(Delivery::arrive));
        }
    }
}
