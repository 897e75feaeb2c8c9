package dev.convoke.testkit;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Outcome;
import dev.convoke.event.Refusal;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about what became of a publication.
 *
 * <p>Confined to one thread.
 */
public final class OutcomeAssert extends AbstractAssert<OutcomeAssert, Outcome> {
    OutcomeAssert(Outcome actual) {
        super(actual, OutcomeAssert.class);
    }

    /**
     * Says that it was not refused, and no delivery failed.
     *
     * @throws AssertionError if it was, or one did
     */
    public OutcomeAssert succeeded() {
        isNotNull();
        if (!actual.succeeded()) {
            failWithMessage("%nExpected a publication that succeeded, but: %s", text());
        }
        return this;
    }

    /**
     * Says that it was refused, or a delivery failed.
     *
     * @throws AssertionError if it succeeded
     */
    public OutcomeAssert failed() {
        isNotNull();
        if (actual.succeeded()) {
            failWithMessage("%nExpected a publication that failed, but: %s", text());
        }
        return this;
    }

    /**
     * Says that the publication as a whole was refused, and why.
     *
     * @throws AssertionError if it was not, or was for another reason
     */
    public OutcomeAssert isRefusedBecause(Refusal refusal) {
        isNotNull();
        if (!actual.refusal().equals(Optional.of(refusal))) {
            failWithMessage("%nExpected a publication that was refused: %s, but: %s", refusal, text());
        }
        return this;
    }

    /**
     * Says how many listeners it has results of.
     *
     * @throws AssertionError if there are more or fewer
     */
    public OutcomeAssert hasResults(int expected) {
        isNotNull();
        if (actual.results().size() != expected) {
            failWithMessage(
                    "%nExpected %d result(s), but there are %d: %s",
                    expected, actual.results().size(), text());
        }
        return this;
    }

    /**
     * Says how many deliveries failed: timed out, cancelled and rejected ones are among them.
     *
     * @throws AssertionError if there are more or fewer
     */
    public OutcomeAssert hasFailures(int expected) {
        isNotNull();
        if (actual.failures().size() != expected) {
            failWithMessage(
                    "%nExpected %d failure(s), but there are %d: %s",
                    expected, actual.failures().size(), text());
        }
        return this;
    }

    /**
     * Goes on with the result of the listener with this id, the first one where several have it.
     *
     * @throws AssertionError if there is none
     */
    public DeliveryResultAssert result(String listener) {
        isNotNull();
        Optional<DeliveryResult> result = actual.result(listener);
        if (result.isEmpty()) {
            failWithMessage("%nExpected a result of listener %s, but: %s", listener, text());
        }
        DeliveryResultAssert assertion = new DeliveryResultAssert(result.orElseThrow());
        Continued.from(info, assertion.info);
        return assertion;
    }

    /**
     * Says something of the result of the listener with this id, and goes on with the outcome.
     *
     * @throws AssertionError if there is none, or the requirements throw it
     */
    public OutcomeAssert result(String listener, Consumer<? super DeliveryResultAssert> requirements) {
        requirements.accept(result(listener));
        return this;
    }

    private String text() {
        return new Wording(info.representation()).outcome(actual);
    }
}
