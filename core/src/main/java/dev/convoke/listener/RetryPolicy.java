package dev.convoke.listener;

import dev.convoke.internal.check.Check;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * How often a failed listener is tried again, and after what time: {@code RetryPolicy.exponential(5)}.
 *
 * <p>An attempt counts as failed when the listener failed, or did not complete within its time-out. Only the listener that
 * failed is tried again.
 *
 * <p>Thread-safe: immutable; each method returns another policy.
 */
public final class RetryPolicy {
    /** A listener that shares a service with others has it back after about so long when it was a blip. */
    private static final Duration DEFAULT_FIRST = Duration.ofMillis(100);

    private static final Duration DEFAULT_MAX = Duration.ofSeconds(30);
    private static final RetryPolicy NONE = new RetryPolicy(1, DEFAULT_FIRST, DEFAULT_MAX, 1, failure -> true);

    private final int attempts;
    private final Duration first;
    private final Duration max;
    private final double jitter;
    private final Predicate<? super Throwable> retryable;

    private RetryPolicy(
            int attempts, Duration first, Duration max, double jitter, Predicate<? super Throwable> retryable) {
        this.attempts = attempts;
        this.first = first;
        this.max = max;
        this.jitter = jitter;
        this.retryable = retryable;
    }

    /** One attempt, and no dead letter. */
    public static RetryPolicy none() {
        return NONE;
    }

    /**
     * So many attempts in all, the first one included, each after twice the time of the one before: at most 100 ms, 200 ms
     * and so on up to 30 s, with full jitter. Every failure is retried.
     *
     * @throws IllegalArgumentException if the number is zero or negative
     */
    public static RetryPolicy exponential(int attempts) {
        return new RetryPolicy(Check.positive("attempts", attempts), DEFAULT_FIRST, DEFAULT_MAX, 1, failure -> true);
    }

    /**
     * This policy with other times.
     *
     * @param first before the second attempt, at most; it doubles with each further one
     * @param max what it does not grow beyond
     * @throws IllegalArgumentException if one is zero or negative, or the first is longer than the longest
     */
    public RetryPolicy backoff(Duration first, Duration max) {
        Check.positive("first backoff", first);
        Check.positive("max backoff", max);
        if (first.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    "first backoff must not be longer than max backoff: " + first + " > " + max);
        }
        return new RetryPolicy(attempts, first, max, jitter, retryable);
    }

    /**
     * This policy with another share of chance in each wait: 1 is full jitter, anything from nothing to the whole time; 0
     * is none, exactly the whole time. Chance keeps those that failed together from coming back together.
     *
     * @throws IllegalArgumentException if it is not between 0 and 1
     */
    public RetryPolicy jitter(double jitter) {
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter must be between 0 and 1: " + jitter);
        }
        return new RetryPolicy(attempts, first, max, jitter, retryable);
    }

    /**
     * This policy for certain failures; the others are final at once.
     *
     * @param retryable called with what the listener threw or its stage failed with, or a
     *     {@link java.util.concurrent.TimeoutException}; where it throws itself, the failure is final
     */
    public RetryPolicy on(Predicate<? super Throwable> retryable) {
        return new RetryPolicy(attempts, first, max, jitter, Check.present("predicate", retryable));
    }

    /** How many attempts there are in all. */
    public int attempts() {
        return attempts;
    }

    /** Whether a failure is worth another attempt while there is one left. */
    public boolean isRetryable(Throwable failure) {
        return retryable.test(failure);
    }

    /**
     * How long to wait before an attempt, with chance in it.
     *
     * @param attempt the number of the attempt to come, from 2
     * @throws IllegalArgumentException if it is less than 2
     */
    public Duration delayBefore(int attempt) {
        if (attempt < 2) {
            throw new IllegalArgumentException("there is no wait before attempt " + attempt);
        }
        long whole = Math.min(doubled(Check.nanos(first), attempt - 2), Check.nanos(max));
        return Duration.ofNanos(
                whole - (long) (whole * jitter * ThreadLocalRandom.current().nextDouble()));
    }

    /** Twice as often as asked, or as much as there is. */
    private static long doubled(long nanos, int times) {
        return times >= Long.numberOfLeadingZeros(nanos) - 1 ? Long.MAX_VALUE : nanos << times;
    }

    @Override
    public String toString() {
        return "RetryPolicy[" + attempts + " attempts, " + first + " to " + max + ", jitter " + jitter + "]";
    }
}
