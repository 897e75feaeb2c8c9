package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.EventArgumentException;
import dev.convoke.internal.resolve.Registration;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Makes results of how a listener ended. Thread-safe: it has no state. */
final class Results {
    private Results() {}

    static DeliveryResult succeeded(Delivery delivery, @Nullable Object value) {
        return new DeliveryResult.Succeeded(delivery.listenerId(), delivery.took(), delivery.attempts(), value);
    }

    /** Of what a listener threw, or its predicate before it was started. */
    static DeliveryResult thrown(Delivery delivery, Throwable thrown) {
        Throwable cause = thrown instanceof EventArgumentException missing
                ? missing.in(delivery.publication().type().name(), delivery.listenerId())
                : thrown;
        handOnIfFatal(cause);
        return new DeliveryResult.Failed(delivery.listenerId(), delivery.took(), delivery.attempts(), cause);
    }

    /** Of what a listener's stage failed with. */
    static DeliveryResult failedStage(Delivery delivery, Throwable failure) {
        Throwable cause = unwrapped(failure);
        return cause instanceof CancellationException
                ? new DeliveryResult.Cancelled(delivery.listenerId(), delivery.took(), delivery.attempts())
                : thrown(delivery, cause);
    }

    /** The exception behind those of completion stages. */
    static Throwable unwrapped(Throwable failure) {
        try {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
            return cause == null ? failure : unwrapped(cause);
        } catch (Throwable e) {
            return failure; // a user's exception, of a class of its own, that cannot say its cause
        }
    }

    /** Of a listener that is not to be started. */
    static DeliveryResult skipped(Delivery delivery, Reason reason) {
        return new DeliveryResult.Skipped(delivery.listenerId(), Duration.ZERO, 0, reason);
    }

    /** Of a listener that may not be started now, or not any more. */
    static DeliveryResult skipped(Delivery delivery, Registration.State state) {
        boolean isPaused = state == Registration.State.PAUSED;
        return skipped(delivery, isPaused ? Reason.PAUSED : Reason.UNSUBSCRIBED);
    }

    /** Of a listener that could not be started. */
    static DeliveryResult rejected(Delivery delivery, Reason reason, @Nullable Throwable cause) {
        return new DeliveryResult.Rejected(delivery.listenerId(), delivery.took(), delivery.attempts(), reason, cause);
    }

    static IllegalStateException nullStage(String event, String listener) {
        return new IllegalStateException(
                "listener " + listener + " of event " + event + " returned null instead of a CompletionStage");
    }

    /** An error of the machine's is not ours to keep: the thread's uncaught handler sees it as well. */
    private static void handOnIfFatal(Throwable cause) {
        // By its name, as newer Java versions drop the class.
        if (cause instanceof VirtualMachineError || cause.getClass().getName().equals("java.lang.ThreadDeath")) {
            Thread thread = Thread.currentThread();
            try {
                thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
            } catch (Throwable e) {
                Log.warn("the uncaught-exception handler of " + thread + " failed", e);
            }
        }
    }
}
