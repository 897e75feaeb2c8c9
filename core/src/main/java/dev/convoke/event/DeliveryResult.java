package dev.convoke.event;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What became of one delivery: one publication at one listener.
 *
 * <p>Thread-safe: immutable, but for a value or an exception of the listener's own.
 */
public sealed interface DeliveryResult {
    /** The listener's id. */
    String listener();

    /**
     * From the listener's start to its result; zero if it never started.
     *
     * <p>An inline listener that completed at once took zero, too, unless the coordinator was asked for timing. One
     * that completed later is timed from its return, or from when the first of its publication's inline listeners returned
     * that had not completed.
     */
    Duration took();

    /** How often the listener was tried: 0 if it was never started. */
    int attempts();

    /** Whether this is {@link Failed}, {@link TimedOut}, {@link Cancelled} or {@link Rejected}. */
    default boolean isFailure() {
        return false;
    }

    /** The exception that stands for a failure: the listener's own for {@link Failed}; empty where it is none. */
    default Optional<Throwable> failure() {
        return Optional.empty();
    }

    /** Why a delivery was skipped or rejected. */
    enum Reason {
        /** Skipped: the subscription was closed before the listener started. */
        UNSUBSCRIBED,
        /** Skipped: the subscription was paused. */
        PAUSED,
        /** Skipped: the listener does not want this event. */
        FILTERED,
        /** Skipped: a bound was reached whose overflow policy drops. */
        DROPPED,
        /** Skipped: a listener before this one failed, and the publisher wanted no more after that. */
        STOPPED,
        /** Rejected: the in-flight bound of the coordinator or the listener's queue was full. */
        OVERLOADED,
        /** Rejected: the executor did not take the delivery. */
        EXECUTOR,
        /** Rejected: the journal did not keep the delivery, or nobody knows whether it does; the cause says which. */
        JOURNAL
    }

    /**
     * The listener completed.
     *
     * @param value what its stage completed with; null where it has nothing to say
     */
    record Succeeded(
            String listener,
            Duration took,
            int attempts,
            @Nullable Object value) implements DeliveryResult {}

    /**
     * The listener threw, returned null, or its stage failed.
     *
     * @param cause what it threw, or what its stage failed with
     */
    record Failed(String listener, Duration took, int attempts, Throwable cause) implements DeliveryResult {
        @Override
        public boolean isFailure() {
            return true;
        }

        @Override
        public Optional<Throwable> failure() {
            return Optional.of(cause);
        }
    }

    /**
     * The listener had not completed at its deadline. Of a durable listener, the journal had not said whether it keeps the
     * event, which it may do still.
     *
     * @param after the time that it had
     */
    record TimedOut(String listener, Duration took, int attempts, Duration after) implements DeliveryResult {
        @Override
        public boolean isFailure() {
            return true;
        }

        @Override
        public Optional<Throwable> failure() {
            return Optional.of(new TimeoutException("listener " + listener + " timed out after " + after));
        }
    }

    /**
     * The publication was cancelled before the listener completed, or the listener's own stage was. Of a durable listener: before
     * the journal had said whether it keeps the event, which it may do still.
     */
    record Cancelled(String listener, Duration took, int attempts) implements DeliveryResult {
        @Override
        public boolean isFailure() {
            return true;
        }

        @Override
        public Optional<Throwable> failure() {
            return Optional.of(new CancellationException("listener " + listener + " was cancelled"));
        }
    }

    /** The listener was not started, and was not meant to be. */
    record Skipped(String listener, Duration took, int attempts, Reason reason) implements DeliveryResult {}

    /**
     * The listener could not be started.
     *
     * @param cause what the executor threw, or null where a bound was reached
     */
    record Rejected(
            String listener,
            Duration took,
            int attempts,
            Reason reason,
            @Nullable Throwable cause) implements DeliveryResult {
        /** A rejection without an exception behind it. */
        public Rejected(String listener, Duration took, int attempts, Reason reason) {
            this(listener, took, attempts, reason, null);
        }

        @Override
        public boolean isFailure() {
            return true;
        }

        @Override
        public Optional<Throwable> failure() {
            return Optional.of(
                    new RejectedExecutionException("listener " + listener + " was rejected: " + reason, cause));
        }
    }

    /** A journal has committed the delivery to a durable listener, which will run; this says nothing of how it ends. */
    record Accepted(String listener, Duration took, int attempts) implements DeliveryResult {}
}
