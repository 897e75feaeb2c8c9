package dev.convoke.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeliveryResult.Accepted;
import dev.convoke.event.DeliveryResult.Cancelled;
import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.DeliveryResult.Rejected;
import dev.convoke.event.DeliveryResult.Skipped;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.DeliveryResult.TimedOut;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private final IllegalStateException planted = new IllegalStateException("planted");

    private final DeliveryResult succeeded = new Succeeded("s", Duration.ofMillis(3), 1, "value");
    private final DeliveryResult failed = new Failed("f", Duration.ofMillis(4), 2, planted);
    private final DeliveryResult timedOut = new TimedOut("t", Duration.ZERO, 1, Duration.ofSeconds(5));
    private final DeliveryResult cancelled = new Cancelled("c", Duration.ZERO, 1);
    private final DeliveryResult rejected = new Rejected("r", Duration.ZERO, 0, Reason.OVERLOADED);
    private final DeliveryResult skipped = new Skipped("k", Duration.ZERO, 0, Reason.PAUSED);
    private final DeliveryResult accepted = new Accepted("a", Duration.ZERO, 0);

    // ---- one result ----

    @Test
    @DisplayName("P2: what has failed, timed out, been cancelled or rejected is a failure; the rest is none")
    void P2_failures() {
        assertThat(List.of(failed, timedOut, cancelled, rejected)).allMatch(DeliveryResult::isFailure);
        assertThat(List.of(succeeded, skipped, accepted)).noneMatch(DeliveryResult::isFailure);
        assertThat(List.of(succeeded, skipped, accepted))
                .allSatisfy(result -> assertThat(result.failure()).isEmpty());
    }

    @Test
    @DisplayName("P2: each failure has an exception: the listener's own, or one that says what happened")
    void P2_exceptions() {
        assertThat(failed.failure()).containsSame(planted);
        assertThat(timedOut.failure().orElseThrow())
                .isInstanceOf(TimeoutException.class)
                .hasMessage("listener t timed out after PT5S");
        assertThat(cancelled.failure().orElseThrow())
                .isInstanceOf(CancellationException.class)
                .hasMessage("listener c was cancelled");
        assertThat(rejected.failure().orElseThrow())
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("listener r was rejected: OVERLOADED")
                .hasNoCause();
        assertThat(new Rejected("r", Duration.ZERO, 0, Reason.EXECUTOR, planted)
                        .failure()
                        .orElseThrow())
                .hasCause(planted);
    }

    // ---- all of them ----

    @Test
    @DisplayName("P2: an outcome without failures succeeded, also where nobody ran")
    void P2_a_good_outcome() {
        Outcome outcome = Outcome.of("id", List.of(succeeded, skipped, accepted));
        assertThat(outcome.succeeded()).isTrue();
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.refusal()).isEmpty();
        assertThat(outcome.orThrow()).isSameAs(outcome);
        assertThat(outcome.eventId()).isEqualTo("id");
        assertThat(Outcome.of("id", List.of()).orThrow().succeeded()).isTrue();
        assertThat(Outcome.of("id", List.of(accepted))).hasToString("Outcome[id [" + accepted + "]]");
    }

    @Test
    @DisplayName(
            "P2: an outcome with failures throws one exception that has them all and says which listener failed how")
    void P2_a_bad_outcome() {
        Outcome outcome = Outcome.of("id", List.of(succeeded, timedOut, failed));
        assertThat(outcome.succeeded()).isFalse();
        assertThat(outcome.failures()).containsExactly(timedOut, failed);
        assertThatThrownBy(outcome::orThrow)
                .isInstanceOf(PublicationFailedException.class)
                .hasMessage("event id: 2 of 3 listeners failed: listener t timed out after PT5S; f: " + planted)
                .hasCauseInstanceOf(TimeoutException.class)
                .satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(planted));
    }

    @Test
    @DisplayName("P2: a listener's result is found by its id, the first one where several have it")
    void P2_by_listener() {
        DeliveryResult again = new Succeeded("s", Duration.ZERO, 1, "again");
        Outcome outcome = Outcome.of("id", List.of(failed, succeeded, again));
        assertThat(outcome.result("s")).containsSame(succeeded);
        assertThat(outcome.result("nobody")).isEmpty();
        assertThatThrownBy(() -> outcome.result(null)).hasMessage("listener must not be null");
    }

    @Test
    @DisplayName("P16: a refused outcome has no results, did not succeed, and throws why")
    void P16_a_refused_outcome() {
        Outcome refused = Outcome.refused("id", Refusal.TOO_DEEP, "too deep");
        assertThat(refused.succeeded()).isFalse();
        assertThat(refused.results()).isEmpty();
        assertThat(refused.failures()).isEmpty();
        assertThat(refused.refusal()).contains(Refusal.TOO_DEEP);
        assertThat(refused.eventId()).isEqualTo("id");
        assertThat(refused).hasToString("Outcome[id refused: too deep]");
        assertThatThrownBy(refused::orThrow)
                .isInstanceOfSatisfying(
                        PublicationRefusedException.class,
                        e -> assertThat(e.refusal()).isEqualTo(Refusal.TOO_DEEP))
                .hasMessage("too deep");
    }

    @Test
    @DisplayName("P2: a listener's exception that cannot say what it is, is named by its class")
    void P2_an_exception_that_cannot_be_printed() {
        class Mute extends RuntimeException {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw planted;
            }
        }
        Outcome outcome = Outcome.of("id", List.of(new Failed("f", Duration.ZERO, 1, new Mute())));
        assertThatThrownBy(outcome::orThrow)
                .hasMessageEndingWith("1 of 1 listeners failed: f: " + Mute.class.getName());
    }
}
