package dev.convoke.testkit;

import static dev.convoke.listener.ListenerOptions.named;
import static dev.convoke.testkit.ConvokeAssertions.assertThat;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.Publication;
import dev.convoke.PublishOptions;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.event.Outcome;
import dev.convoke.event.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.presentation.StandardRepresentation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConvokeAssertionsTest {
    private record Order(String customer, int total) {}

    private static final EventType<Order> PLACED =
            EventType.of("order.placed", Order.class).keyedBy(Order::customer);
    private static final Order ADAS = new Order("Ada", 21);

    private final RecordingCoordinator recorded =
            RecordingCoordinator.of(AsyncEventCoordinator.builder().onUnobservedFailure(planted -> {}));
    private final AsyncEventCoordinator coordinator = recorded.coordinator();

    @AfterEach
    void close() {
        recorded.close();
    }

    private static String failureOf(ThrowingCallable assertion) {
        return catchThrowableOfType(AssertionError.class, assertion).getMessage();
    }

    private static PublishOptions id(String id) {
        return PublishOptions.defaults().id(id);
    }

    private void placeTwoOrders() {
        coordinator.subscribeToEvent(
                PLACED, order -> completedFuture(order.total()), named("ledger").inline());
        coordinator.subscribeToEvent(
                PLACED,
                order -> order.total() > 50 ? failedFuture(new IllegalStateException("too dear")) : completedFuture(1),
                named("audit").inline());
        coordinator.publishEvent(PLACED, ADAS, id("o-1"));
        coordinator.publishEvent(PLACED, new Order("Bob", 99), id("o-2"));
    }

    @Test
    @DisplayName("what was published is found by type, payload, key and outcome, and counted")
    void published_typed() {
        placeTwoOrders();
        assertThat(recorded)
                .published(PLACED)
                .times(2)
                .withPayload(ADAS)
                .withKey("Ada")
                .withOutcome(outcome ->
                        outcome.succeeded().hasResults(2).result("ledger").hasSucceededWith(21))
                .once();
        assertThat(recorded)
                .published(PLACED)
                .withPayloadSatisfying(order -> assertThat(order.total()).isGreaterThan(50))
                .withOutcome(outcome -> outcome.failed()
                        .hasFailures(1)
                        .result("audit", audit -> audit.isFailedWith(IllegalStateException.class, "dear"))
                        .result("ledger")
                        .hasSucceeded()
                        .hasAttempts(1))
                .once();
        assertThat(recorded).published("order.placed").withPayload(ADAS).once();
        assertThat(recorded).neverPublished("order.paid").neverPublished(EventType.of("nothing", String.class));
        coordinator.close();
    }

    @Test
    @DisplayName("what was published by name is found by its arguments")
    void published_by_name() {
        assertThat(recorded).publishedNothing();
        coordinator.publishEvent("user.signed-up", "ada@example.org");
        coordinator.publishEvent(
                "user.signed-up", EventArguments.of("bob@example.org").with("plan", "free"));
        assertThat(recorded)
                .published("user.signed-up")
                .withArguments("ada@example.org")
                .once();
        assertThat(recorded)
                .published("user.signed-up")
                .withArguments(EventArguments.of("bob@example.org").with("plan", "free"));
    }

    @Test
    @DisplayName("where the event was not published, the message has what was")
    void not_published() {
        placeTwoOrders();
        assertThat(failureOf(() -> assertThat(recorded).as("after the sale").published("order.paid")))
                .isEqualTo("""
                        [after the sale]\s
                        Expected a publication with event order.paid
                        but none is recorded. Recorded:
                          order.placed Order[customer=Ada, total=21] [o-1] → ledger succeeded with 21, audit succeeded with 1
                          order.placed Order[customer=Bob, total=99] [o-2] → ledger succeeded with 99, audit failed with \
                        java.lang.IllegalStateException: too dear""");
        try (RecordingCoordinator empty = RecordingCoordinator.create()) {
            assertThat(failureOf(() -> assertThat(empty).published("order.paid")))
                    .endsWith("but none is recorded. Recorded: nothing");
        }
    }

    @Test
    @DisplayName("where payload, arguments, key or type differ, the message has what was wanted and what there is")
    void another_payload() {
        coordinator.publishEvent("user.signed-up", EventArguments.of("ada@example.org"), id("u-1"));
        coordinator.publishEvent(PLACED, ADAS, id("o-1"));
        assertThat(failureOf(
                        () -> assertThat(recorded).published("user.signed-up").withArguments("bob", null)))
                .contains("Expected a publication with event user.signed-up, arguments (\"bob\", null)")
                .contains("user.signed-up (\"ada@example.org\") [u-1] → no listener");
        assertThat(failureOf(() -> assertThat(recorded).published(PLACED).withPayload(new Order("Bob", 1))))
                .contains("payload Order[customer=Bob, total=1]")
                .contains("order.placed Order[customer=Ada, total=21] [o-1]");
        assertThat(failureOf(() -> assertThat(recorded).published(PLACED).withKey("Bob")))
                .contains("key Bob");
        assertThat(failureOf(() -> assertThat(recorded).published(EventType.of("order.placed", String.class))))
                .contains("event order.placed, payload type java.lang.String");
    }

    @Test
    @DisplayName("where requirements are not satisfied, the message has what each publication lacked")
    void requirements_not_satisfied() {
        placeTwoOrders();
        assertThat(failureOf(() -> assertThat(recorded)
                        .published(PLACED)
                        .withOutcome(outcome -> outcome.result("ledger").isTimedOut())))
                .contains("outcome satisfying requirements")
                .contains("Not satisfied:\n- Expected the delivery to have timed out, but: ledger succeeded with 21\n"
                        + "- Expected the delivery to have timed out, but: ledger succeeded with 99");
        assertThat(failureOf(() -> assertThat(recorded)
                        .published(PLACED)
                        .withPayloadSatisfying(
                                order -> assertThat(order.total()).isZero())))
                .contains("payload satisfying requirements", "Not satisfied:", "21", "99");
    }

    @Test
    @DisplayName("an unfinished publication has no outcome to satisfy anything")
    void unfinished_has_no_outcome() {
        CompletableFuture<String> pending = new CompletableFuture<>();
        coordinator.subscribeToEvent("e", a -> pending, named("l").inline());
        coordinator.publishEvent("e");
        assertThat(failureOf(() -> assertThat(recorded).published("e").withOutcome(OutcomeAssert::succeeded)))
                .contains("unfinished: l running, 0 not started", "- it is unfinished");
        pending.complete("done");
        assertThat(recorded)
                .published("e")
                .withOutcome(OutcomeAssert::succeeded)
                .once();
    }

    @Test
    @DisplayName("where the count differs, the message has those that were counted")
    void another_count() {
        placeTwoOrders();
        assertThat(failureOf(() -> assertThat(recorded).published(PLACED).once()))
                .contains(
                        "Expected event order.placed, payload type",
                        "1 time(s), but 2 are recorded:",
                        "[o-1]",
                        "[o-2]");
        assertThat(failureOf(() -> assertThat(recorded).publishedNothing()))
                .contains("Expected no such publication, but there were 2:", "[o-1]");
        assertThat(failureOf(() -> assertThat(recorded).neverPublished(PLACED)))
                .contains("Expected no such publication, but there were 2:", "[o-1]");
    }

    @Test
    @DisplayName("a count is not claimed where publications were forgotten")
    void forgotten_publications() {
        try (RecordingCoordinator brief = RecordingCoordinator.of(AsyncEventCoordinator.builder(), 1)) {
            brief.coordinator().publishEvent("old");
            brief.coordinator().publishEvent("e");
            assertThat(brief).published("e");
            assertThat(failureOf(() -> assertThat(brief).published("e").once()))
                    .contains("1 older ones were forgotten: keep more of them");
            assertThat(failureOf(() -> assertThat(brief).neverPublished("x"))).contains("1 were forgotten");
            assertThat(failureOf(() -> assertThat(brief).published("old"))).contains("1 older ones were forgotten");
        }
    }

    @Test
    @DisplayName("a description, a representation and a message of the test's own go along the chain")
    void description_and_representation_go_along() {
        placeTwoOrders();
        StandardRepresentation shouting = new StandardRepresentation() {
            @Override
            public String toStringOf(Object object) {
                return object instanceof Order order ? "ORDER OF " + order.customer() : super.toStringOf(object);
            }
        };
        assertThat(failureOf(() -> assertThat(recorded)
                        .as("described")
                        .withRepresentation(shouting)
                        .published(PLACED)
                        .withKey("Ada")
                        .times(5)))
                .startsWith("[described]")
                .contains("order.placed ORDER OF Ada [o-1]");
        assertThat(failureOf(() -> assertThat(recorded)
                        .overridingErrorMessage("mine")
                        .published(PLACED)
                        .times(5)))
                .isEqualTo("mine");
        Outcome outcome = recorded.recordings().get(0).outcome().orElseThrow();
        assertThat(failureOf(() ->
                        assertThat(outcome).as("described").result("ledger").isCancelled()))
                .isEqualTo("[described] \nExpected the delivery to be cancelled, but: ledger succeeded with 21");
        assertThat(outcome).isNotNull().isEqualTo(outcome);
    }

    private static final Duration NONE = Duration.ZERO;
    private static final Outcome OUTCOME = Outcome.of(
            "e-1",
            List.of(
                    new DeliveryResult.Succeeded("ok", NONE, 1, "value"),
                    new DeliveryResult.Failed("bad", NONE, 2, new IllegalStateException("planted")),
                    new DeliveryResult.TimedOut("slow", NONE, 1, Duration.ofSeconds(5)),
                    new DeliveryResult.Cancelled("stopped", NONE, 1),
                    new DeliveryResult.Skipped("paused", NONE, 0, Reason.PAUSED),
                    new DeliveryResult.Rejected("full", NONE, 0, Reason.OVERLOADED),
                    new DeliveryResult.Accepted("durable", NONE, 0)));

    @Test
    @DisplayName("each kind of result is told from the others")
    void each_kind_of_result() {
        assertThat(OUTCOME)
                .hasResults(7)
                .hasFailures(4)
                .failed()
                .result("ok", ok -> ok.hasSucceeded().hasSucceededWith("value"))
                .result("bad", bad -> bad.isFailedWith(RuntimeException.class).hasAttempts(2))
                .result("slow", slow -> slow.isTimedOut().isTimedOutAfter(Duration.ofSeconds(5)))
                .result("stopped", DeliveryResultAssert::isCancelled)
                .result("paused", paused -> paused.isSkippedBecause(Reason.PAUSED))
                .result("full", full -> full.isRejectedBecause(Reason.OVERLOADED));
        DeliveryResultAssert durable = assertThat(OUTCOME.results().get(6));
        for (ThrowingCallable wrong : List.<ThrowingCallable>of(
                durable::hasSucceeded,
                durable::isTimedOut,
                durable::isCancelled,
                () -> durable.isFailedWith(Throwable.class),
                () -> durable.isSkippedBecause(Reason.PAUSED),
                () -> durable.isRejectedBecause(Reason.OVERLOADED))) {
            assertThat(failureOf(wrong)).endsWith("but: durable was accepted");
        }
    }

    @Test
    @DisplayName("a failing assertion about a result says what became of it, and has the listener's exception as cause")
    void failing_results() {
        AssertionError bad = catchThrowableOfType(
                AssertionError.class, () -> assertThat(OUTCOME).result("bad").hasSucceeded());
        assertThat(bad)
                .hasMessageContaining("Expected the delivery to have succeeded, but: bad failed with"
                        + " java.lang.IllegalStateException: planted")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(failureOf(() -> assertThat(OUTCOME).result("ok").hasSucceededWith(3)))
                .contains("to have succeeded with 3, but: ok succeeded with \"value\"");
        assertThat(failureOf(() -> assertThat(OUTCOME).result("bad").isFailedWith(Error.class)))
                .contains("to have failed with java.lang.Error, but: bad failed with");
        assertThat(failureOf(() -> assertThat(OUTCOME).result("bad").isFailedWith(Exception.class, "other")))
                .contains("java.lang.Exception: …other…, but: bad failed with");
        assertThat(failureOf(() -> assertThat(OUTCOME).result("slow").isTimedOutAfter(NONE)))
                .contains("to have timed out after PT0S, but: slow timed out after PT5S");
        assertThat(failureOf(() -> assertThat(OUTCOME).result("paused").isSkippedBecause(Reason.FILTERED)))
                .contains("to be skipped: FILTERED, but: paused was skipped: PAUSED");
        assertThat(failureOf(() -> assertThat(OUTCOME).result("full").isRejectedBecause(Reason.EXECUTOR)))
                .contains("to be rejected: EXECUTOR, but: full was rejected: OVERLOADED");
        assertThat(failureOf(() -> assertThat(OUTCOME).result("bad").hasAttempts(1)))
                .contains("Expected 1 attempt(s), but there were 2: bad failed");
    }

    @Test
    @DisplayName("a failing assertion about an outcome has all its results")
    void failing_outcomes() {
        String all =
                "ok succeeded with \"value\", bad failed with java.lang.IllegalStateException: planted, slow timed out"
                        + " after PT5S, stopped was cancelled, paused was skipped: PAUSED, full was rejected: OVERLOADED,"
                        + " durable was accepted";
        Outcome refused = Outcome.refused("e-2", Refusal.CLOSED, "closed");
        Outcome empty = Outcome.of("e-3", List.of());
        assertThat(failureOf(() -> assertThat(OUTCOME).succeeded()))
                .endsWith("Expected a publication that succeeded, but: " + all);
        assertThat(failureOf(() -> assertThat(OUTCOME).result("nobody"))).endsWith("listener nobody, but: " + all);
        assertThat(failureOf(() -> assertThat(OUTCOME).hasResults(1))).endsWith("but there are 7: " + all);
        assertThat(failureOf(() -> assertThat(OUTCOME).hasFailures(1))).endsWith("but there are 4: " + all);
        assertThat(failureOf(() -> assertThat(OUTCOME).isRefusedBecause(Refusal.CLOSED)))
                .endsWith("refused: CLOSED, but: " + all);
        assertThat(refused).failed().isRefusedBecause(Refusal.CLOSED);
        assertThat(failureOf(() -> assertThat(refused).succeeded())).endsWith("but: refused: CLOSED");
        assertThat(failureOf(() -> assertThat(empty).failed()))
                .endsWith("Expected a publication that failed, but: no listener");
        assertThat(failureOf(() -> assertThat((Outcome) null).succeeded())).contains("not to be null");
    }

    @Test
    @DisplayName("a publication is unfinished, finished, or finishes in time")
    void a_publication_and_its_progress() {
        CompletableFuture<String> pending = new CompletableFuture<>();
        coordinator.subscribeToEvent("e", a -> pending, named("l").inline());
        Publication<EventArguments> publication = coordinator.publishEvent("e", EventArguments.of(), id("e-1"));

        assertThat(publication).isUnfinished();
        assertThat(failureOf(() -> assertThat(publication).isFinished()))
                .contains("Expected e[e-1] to be finished, but it is not");
        assertThat(failureOf(() -> assertThat(publication).finishesWithin(Duration.ofMillis(1))))
                .contains("Expected e[e-1] to be finished within PT0.001S");
        pending.complete("done");

        assertThat(publication).finishesWithin(Duration.ofSeconds(20)).succeeded();
        assertThat(publication).isFinished().result("l").hasSucceededWith("done");
        assertThat(failureOf(() -> assertThat(publication).isUnfinished()))
                .contains("Expected e[e-1] to be unfinished, but: l succeeded with \"done\"");
    }
}
