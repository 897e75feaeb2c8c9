package dev.convoke.testkit;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Cancelled;
import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.DeliveryResult.Rejected;
import dev.convoke.event.DeliveryResult.Skipped;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.DeliveryResult.TimedOut;
import java.time.Duration;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about what became of one delivery.
 *
 * <p>Confined to one thread.
 */
public final class DeliveryResultAssert extends AbstractAssert<DeliveryResultAssert, DeliveryResult> {
    DeliveryResultAssert(DeliveryResult actual) {
        super(actual, DeliveryResultAssert.class);
    }

    /**
     * Says that the listener completed.
     *
     * @throws AssertionError if it did not
     */
    public DeliveryResultAssert hasSucceeded() {
        return require(actual instanceof Succeeded, "to have succeeded");
    }

    /**
     * Says that the listener completed with a value equal to this.
     *
     * @throws AssertionError if it did not, or with another value
     */
    public DeliveryResultAssert hasSucceededWith(@Nullable Object value) {
        return require(
                actual instanceof Succeeded succeeded && Objects.deepEquals(succeeded.value(), value),
                "to have succeeded with " + wording().value(value));
    }

    /**
     * Says that the listener threw, or its stage failed, with an exception of this type.
     *
     * @throws AssertionError if not; where the cause is another exception, the error has it as cause
     */
    public DeliveryResultAssert isFailedWith(Class<? extends Throwable> type) {
        return require(isCause(type), "to have failed with " + type.getName());
    }

    /**
     * Says that the listener threw, or its stage failed, with an exception of this type whose message has this in it.
     *
     * @throws AssertionError if not; where the cause is another exception, the error has it as cause
     */
    public DeliveryResultAssert isFailedWith(Class<? extends Throwable> type, String partOfMessage) {
        boolean isSo = isCause(type)
                && String.valueOf(((Failed) actual).cause().getMessage()).contains(partOfMessage);
        return require(isSo, "to have failed with " + type.getName() + ": …" + partOfMessage + "…");
    }

    private boolean isCause(Class<? extends Throwable> type) {
        return actual instanceof Failed failed && type.isInstance(failed.cause());
    }

    /**
     * Says that the listener had not completed at its deadline.
     *
     * @throws AssertionError if not
     */
    public DeliveryResultAssert isTimedOut() {
        return require(actual instanceof TimedOut, "to have timed out");
    }

    /**
     * Says that the listener had not completed after this time, which was its own.
     *
     * @throws AssertionError if not, or it had another time
     */
    public DeliveryResultAssert isTimedOutAfter(Duration after) {
        return require(
                actual instanceof TimedOut timedOut && timedOut.after().equals(after),
                "to have timed out after " + after);
    }

    /**
     * Says that the delivery was cancelled.
     *
     * @throws AssertionError if not
     */
    public DeliveryResultAssert isCancelled() {
        return require(actual instanceof Cancelled, "to be cancelled");
    }

    /**
     * Says that the listener was not started, nor meant to be, and why.
     *
     * @throws AssertionError if not, or for another reason
     */
    public DeliveryResultAssert isSkippedBecause(Reason reason) {
        return require(actual instanceof Skipped skipped && skipped.reason() == reason, "to be skipped: " + reason);
    }

    /**
     * Says that the listener could not be started, and why.
     *
     * @throws AssertionError if not, or for another reason
     */
    public DeliveryResultAssert isRejectedBecause(Reason reason) {
        return require(actual instanceof Rejected rejected && rejected.reason() == reason, "to be rejected: " + reason);
    }

    /**
     * Says how often the listener was tried.
     *
     * @throws AssertionError if it was more or less often
     */
    public DeliveryResultAssert hasAttempts(int expected) {
        isNotNull();
        if (actual.attempts() != expected) {
            failWithMessage(
                    "%nExpected %d attempt(s), but there were %d: %s",
                    expected, actual.attempts(), wording().result(actual));
        }
        return this;
    }

    private DeliveryResultAssert require(boolean isSo, String what) {
        isNotNull();
        if (!isSo) {
            AssertionError error = failure(
                    "%nExpected the delivery %s, but: %s", what, wording().result(actual));
            actual.failure().ifPresent(cause -> becauseOf(error, cause));
            throw error;
        }
        return this;
    }

    /** Its stack trace says where the listener failed. */
    private static void becauseOf(AssertionError error, Throwable cause) {
        if (error.getCause() == null) {
            error.initCause(cause);
        }
    }

    private Wording wording() {
        return new Wording(info.representation());
    }
}
