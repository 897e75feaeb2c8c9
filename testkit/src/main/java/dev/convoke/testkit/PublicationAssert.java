package dev.convoke.testkit;

import dev.convoke.Publication;
import dev.convoke.event.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about how far a publication has come. They ask for its outcome, which is to look at its failures: none is
 * reported as unobserved after that.
 *
 * <p>Confined to one thread.
 */
public final class PublicationAssert extends AbstractAssert<PublicationAssert, Publication<?>> {
    PublicationAssert(Publication<?> actual) {
        super(actual, PublicationAssert.class);
    }

    /**
     * Says that a delivery has no result yet.
     *
     * @throws AssertionError if there is an outcome
     */
    public PublicationAssert isUnfinished() {
        isNotNull();
        CompletableFuture<Outcome> outcome = actual.outcome();
        if (outcome.isDone()) {
            failWithMessage(
                    "%nExpected %s to be unfinished, but: %s",
                    actual.event(), wording().outcome(outcome.join()));
        }
        return this;
    }

    /**
     * Says that all deliveries have their results by now, and goes on with the outcome.
     *
     * @throws AssertionError if one has not
     */
    public OutcomeAssert isFinished() {
        isNotNull();
        CompletableFuture<Outcome> outcome = actual.outcome();
        if (!outcome.isDone()) {
            failWithMessage("%nExpected %s to be finished, but it is not", actual.event());
        }
        return continued(outcome.join());
    }

    /**
     * Waits until all deliveries have their results, by real time, and goes on with the outcome.
     *
     * @throws AssertionError if one has not in time, or the thread is interrupted, which it then still is
     */
    public OutcomeAssert finishesWithin(Duration timeout) {
        isNotNull();
        try {
            return continued(actual.await(timeout));
        } catch (TimeoutException e) {
            throw failure("%nExpected %s to be finished within %s, but it is not", actual.event(), timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("%nInterrupted while waiting for %s", actual.event());
        }
    }

    private OutcomeAssert continued(Outcome outcome) {
        OutcomeAssert assertion = new OutcomeAssert(outcome);
        Continued.from(info, assertion.info);
        return assertion;
    }

    private Wording wording() {
        return new Wording(info.representation());
    }
}
