package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.internal.check.Check;
import dev.convoke.listener.RetryPolicy;

/** Says whether and when a failed attempt is followed by another one. Thread-safe: it has no state. */
final class Retries {
    private Retries() {}

    private static RetryPolicy policy(Invocation attempt) {
        return attempt.registration().options().retry();
    }

    /** Whether a listener's failures become dead letters. */
    static boolean isRetrying(Invocation attempt) {
        return !policy(attempt).equals(RetryPolicy.none());
    }

    /** Whether there are attempts left, and the policy wants one after such a failure. */
    static boolean isWorthAnother(Invocation attempt, DeliveryResult failed) {
        RetryPolicy policy = policy(attempt);
        return attempt.attempt() < policy.attempts()
                && failed.failure().filter(cause -> isRetryable(attempt, cause)).isPresent();
    }

    private static boolean isRetryable(Invocation attempt, Throwable cause) {
        try {
            return policy(attempt).isRetryable(cause);
        } catch (Throwable e) {
            Log.warn("the retry predicate of " + attempt + " failed; there is no other attempt", e);
            return false;
        }
    }

    /** When the attempt after this one is due, by the ticker. */
    static long nextDue(Invocation attempt) {
        return attempt.dispatcher().deadlines().now()
                + Check.nanos(policy(attempt).delayBefore(attempt.attempt() + 1));
    }
}
