package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.DeliveryResult.Rejected;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.EventArguments;
import dev.convoke.event.Outcome;
import dev.convoke.event.PublicationFailedException;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.testing.Mode;
import dev.convoke.testing.Waiting;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeTest {
    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();

    @AfterEach
    void close() {
        coordinator.close();
    }

    private Outcome publishAndAwait() {
        return coordinator
                .publishEvent("e", "payload")
                .outcome()
                .orTimeout(20, SECONDS)
                .join();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P1: each subscription gets exactly one delivery per publication")
    void P1_one_delivery_per_subscription_and_publication(Mode mode) {
        AtomicInteger runs = new AtomicInteger();
        coordinator.subscribeToEvent("e", mode.of(a -> completedFuture(runs.incrementAndGet())), mode.named("counter"));

        for (int i = 0; i < 1_000; i++) {
            publishAndAwait();
        }

        assertThat(runs).hasValue(1_000);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P2: an outcome has one result per listener in subscription order, whoever ends first")
    void P2_results_are_in_subscription_order(Mode mode) {
        CompletableFuture<String> last = new CompletableFuture<>();
        coordinator.subscribeToEvent("e", mode.of(a -> last), mode.named("last"));
        coordinator.subscribeToEvent(
                "e", mode.of(a -> failedFuture(new IllegalStateException("no"))), mode.named("failing"));
        coordinator.subscribeToEvent("e", mode.of(a -> completedFuture("done")), mode.named("done"));

        CompletableFuture<Outcome> outcome = coordinator.publishEvent("e").outcome();
        assertThat(outcome).isNotDone();
        last.complete("late");

        Outcome settled = outcome.orTimeout(20, SECONDS).join();
        assertThat(settled.results()).extracting(DeliveryResult::listener).containsExactly("last", "failing", "done");
        assertThat(settled.results()).hasExactlyElementsOfTypes(Succeeded.class, Failed.class, Succeeded.class);
        assertThat(((Succeeded) settled.results().get(0)).value()).isEqualTo("late");
        assertThat(settled.succeeded()).isFalse();
        assertThat(settled.failures()).containsExactly(settled.results().get(1));
        assertThat(settled.results()).extracting(DeliveryResult::attempts).containsOnly(1);
    }

    @Test
    @DisplayName(
            "P2: asking twice gives the same answer, and completing what was handed out changes nothing for others")
    void P2_futures_are_the_callers_own() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        coordinator.subscribeToEvent("e", a -> stage, ListenerOptions.defaults().inline());
        Publication<EventArguments> publication = coordinator.publishEvent("e");

        publication.outcome().cancel(true);
        publication.outcome().complete(null);
        publication.gather().completeExceptionally(new IllegalStateException("mine"));
        publication.first().cancel(false);
        CompletableFuture<Outcome> mine = publication.outcome();
        assertThat(stage).isNotDone();
        stage.complete("value");

        assertThat(mine.join().succeeded()).isTrue();
        assertThat(publication.outcome().join()).isSameAs(mine.join());
        assertThat(publication.gather().join()).containsExactly("value");
        assertThat(publication.first().join()).isEqualTo("value");
        assertThat(publication.event()).isSameAs(publication.event());
    }

    @Test
    @DisplayName("P2: orThrow throws one exception: the first failure is its cause, the others are suppressed")
    void P2_orThrow_has_all_failures() {
        IllegalStateException one = new IllegalStateException("one");
        IllegalArgumentException two = new IllegalArgumentException("two");
        coordinator.subscribeToEvent("e", a -> completedFuture(0), ListenerOptions.named("good"));
        coordinator.subscribeToEvent("e", a -> failedFuture(one), ListenerOptions.named("first"));
        coordinator.subscribeToEvent("e", a -> failedFuture(two), ListenerOptions.named("second"));
        Outcome outcome = publishAndAwait();

        Throwable thrown = catchThrowable(outcome::orThrow);

        assertThat(thrown)
                .isInstanceOf(PublicationFailedException.class)
                .hasCause(one)
                .hasSuppressedException(two);
        assertThat(thrown)
                .hasMessageContaining("2 of 3 listeners failed")
                .hasMessageContaining("first: " + one)
                .hasMessageContaining("second: " + two);
    }

    @Test
    @DisplayName("P2: orThrow returns the outcome where nothing failed")
    void P2_orThrow_returns_a_good_outcome() {
        coordinator.subscribeToEvent("e", a -> completedFuture(0));
        Outcome outcome = publishAndAwait();

        assertThat(outcome.orThrow()).isSameAs(outcome);
    }

    @Test
    @DisplayName("P2: an executor that throws gives Rejected(EXECUTOR), and the others run")
    void P2_an_executor_that_throws_rejects_the_delivery() {
        RejectedExecutionException full = new RejectedExecutionException("full");
        coordinator.subscribeToEvent(
                "e", a -> completedFuture(1), ListenerOptions.named("refused").executor(task -> {
                    throw full;
                }));
        coordinator.subscribeToEvent("e", a -> completedFuture(2), ListenerOptions.named("good"));

        Outcome outcome = publishAndAwait();

        assertThat(outcome.results()).hasExactlyElementsOfTypes(Rejected.class, Succeeded.class);
        Rejected rejected = (Rejected) outcome.results().get(0);
        assertThat(rejected.reason()).isEqualTo(Reason.EXECUTOR);
        assertThat(rejected.cause()).isSameAs(full);
        assertThat(rejected.attempts()).isZero();
    }

    @Test
    @DisplayName("P2: an executor that runs the task and then throws changes nothing")
    void P2_an_executor_that_runs_and_throws_has_run() {
        coordinator.subscribeToEvent(
                "e", a -> completedFuture(1), ListenerOptions.defaults().executor(task -> {
                    task.run();
                    throw new IllegalStateException("after running");
                }));

        assertThat(publishAndAwait().succeeded()).isTrue();
    }

    @Test
    @DisplayName("P2: first has the first value in time, and a failure does not win")
    void P2_first_has_the_first_success() {
        CompletableFuture<String> slow = new CompletableFuture<>();
        coordinator.subscribeToEvent("e", a -> slow);
        coordinator.subscribeToEvent("e", a -> failedFuture(new IllegalStateException("fast, but failed")));
        coordinator.subscribeToEvent("e", a -> completedFuture("winner"));

        Publication<EventArguments> publication = coordinator.publishEvent("e");

        assertThat(publication.first().orTimeout(20, SECONDS).join()).isEqualTo("winner");
        assertThat(publication.outcome()).isNotDone();
        slow.complete("slow");
        assertThat(publication.first().join()).isEqualTo("winner");
    }

    @Test
    @DisplayName("P2: first fails with every failure when nobody succeeded")
    void P2_first_fails_when_all_failed() {
        coordinator.subscribeToEvent("e", a -> failedFuture(new IllegalStateException("one")));
        coordinator.subscribeToEvent("e", a -> failedFuture(new IllegalStateException("two")));

        assertThatThrownBy(() -> coordinator
                        .publishEvent("e")
                        .first()
                        .orTimeout(20, SECONDS)
                        .join())
                .hasCauseInstanceOf(PublicationFailedException.class)
                .hasMessageContaining("2 of 2 listeners failed");
        assertThatThrownBy(() -> coordinator.publishEvent("nobody").first().join())
                .hasCauseInstanceOf(PublicationFailedException.class);
    }

    @Test
    @DisplayName("P2: accepted completes at once in memory, with the event's identity")
    void P2_accepted_completes_at_once() {
        CompletableFuture<String> pending = new CompletableFuture<>();
        coordinator.subscribeToEvent("e", a -> pending);
        Publication<EventArguments> publication = coordinator.publishEvent("e");

        assertThat(publication.accepted()).isCompleted();
        assertThat(publication.accepted().join().eventId())
                .isEqualTo(publication.event().id());
        assertThat(publication.accepted().join().source())
                .isEqualTo(publication.event().source());
        pending.complete("done");
    }

    @Test
    @DisplayName("P2: waiting shorter than the listeners take cancels nothing")
    void P2_await_times_out_and_cancels_nothing() throws Exception {
        CompletableFuture<String> pending = new CompletableFuture<>();
        coordinator.subscribeToEvent("e", a -> pending);
        Publication<EventArguments> publication = coordinator.publishEvent("e");

        assertThatThrownBy(() -> publication.await(Duration.ofMillis(1)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("event e")
                .hasMessageContaining("PT0.001S");
        assertThat(pending).isNotDone();
        pending.complete("done");
        assertThat(publication.await(Waiting.LONG).succeeded()).isTrue();
        assertThat(publication.await(Duration.ZERO).succeeded()).isTrue();
    }

    // ---- P3 ----

    @ParameterizedTest
    @EnumSource
    @DisplayName("P3: a throw, a failed stage, a null stage and an Error are alike Failed, and hide nobody else")
    void P3_every_way_of_failing_is_failed_and_hides_nobody(Mode mode) {
        IllegalStateException thrown = new IllegalStateException("thrown");
        IllegalStateException failed = new IllegalStateException("failed stage");
        AssertionError error = new AssertionError("error");
        coordinator.subscribeToEvent(
                "e",
                mode.of(a -> {
                    throw thrown;
                }),
                mode.named("throws"));
        coordinator.subscribeToEvent(
                "e",
                mode.of(a -> CompletableFuture.supplyAsync(() -> {
                            throw failed;
                        })
                        .thenApply(x -> x)),
                mode.named("fails"));
        coordinator.subscribeToEvent("e", mode.of(a -> null), mode.named("null"));
        coordinator.subscribeToEvent(
                "e",
                mode.of(a -> {
                    throw error;
                }),
                mode.named("error"));
        coordinator.subscribeToEvent("e", mode.of(a -> completedFuture("fine")), mode.named("good"));

        Outcome outcome = publishAndAwait();

        assertThat(outcome.results().get(4)).isInstanceOf(Succeeded.class);
        assertThat(outcome.failures()).hasOnlyElementsOfType(Failed.class).hasSize(4);
        assertThat(causeOf(outcome, 0)).isSameAs(thrown);
        assertThat(causeOf(outcome, 1)).isSameAs(failed);
        assertThat(causeOf(outcome, 2))
                .hasMessage("listener null of event e returned null instead of a CompletionStage");
        assertThat(causeOf(outcome, 3)).isSameAs(error);
    }

    private static Throwable causeOf(Outcome outcome, int index) {
        return ((Failed) outcome.results().get(index)).cause();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P3: an error of the virtual machine is recorded and also handed to the thread's uncaught handler")
    void P3_virtual_machine_errors_reach_the_uncaught_handler_as_well(Mode mode) throws InterruptedException {
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        OutOfMemoryError error = new OutOfMemoryError("planted");
        coordinator.subscribeToEvent(
                "e",
                mode.of(a -> {
                    throw error;
                }),
                mode.named("fatal"));
        coordinator.subscribeToEvent(
                "e",
                mode.of(a -> {
                    throw new AssertionError("ordinary");
                }),
                mode.named("ordinary"));
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> uncaught.set(e));
        try {
            Outcome outcome = coordinator.publishEvent("e").await();

            assertThat(causeOf(outcome, 0)).isSameAs(error);
            assertThat(uncaught).hasValue(error);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    @DisplayName("P3: an inline listener's InterruptedException restores the publisher's flag")
    void P3_an_inline_interrupted_exception_restores_the_flag() {
        coordinator.subscribeToEvent(
                "e",
                a -> {
                    throw new InterruptedException();
                },
                ListenerOptions.defaults().inline());

        Publication<EventArguments> publication = coordinator.publishEvent("e");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(publication.outcome().join().results()).hasOnlyElementsOfType(Failed.class);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P3: a listener's own cancelled stage is Cancelled, and gather fails with a CancellationException")
    void P3_a_cancelled_stage_is_cancelled(Mode mode) {
        CompletableFuture<String> cancelled = new CompletableFuture<>();
        cancelled.cancel(true);
        coordinator.subscribeToEvent("e", mode.of(a -> cancelled), mode.named("cancelled"));

        Publication<EventArguments> publication = coordinator.publishEvent("e");

        assertThat(publication.outcome().orTimeout(20, SECONDS).join().results())
                .hasOnlyElementsOfType(DeliveryResult.Cancelled.class);
        assertThatThrownBy(() -> publication.gather().join()).isInstanceOf(CancellationException.class);
    }

    @Test
    @DisplayName("P3: computing that returns a stage fails, as nobody would await it")
    void P3_computing_a_stage_fails() {
        coordinator.subscribeToEvent("e", AsyncListener.computing(a -> completedFuture(1)));

        assertThat(causeOf(publishAndAwait(), 0)).hasMessageContaining("returned a stage, which nobody would await");
    }

    @Test
    @DisplayName("P3: a CompletionException that a listener throws itself stays what it is")
    void P3_only_the_stages_wrapper_is_taken_off() {
        CompletionException own = new CompletionException("own", null);
        coordinator.subscribeToEvent("e", a -> failedFuture(own));

        assertThat(causeOf(publishAndAwait(), 0)).isSameAs(own);
    }

    // ---- P11 ----

    @ParameterizedTest
    @EnumSource
    @DisplayName("P11: a slow callback delays no other listener")
    void P11_a_slow_callback_delays_no_other_listener(Mode mode) {
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> second = new CompletableFuture<>();
        coordinator.subscribeToEvent("e", mode.of(a -> first), mode.named("first"));
        coordinator.subscribeToEvent("e", mode.of(a -> second), mode.named("second"));
        Publication<EventArguments> publication = coordinator.publishEvent("e");
        CountDownLatch inCallback = new CountDownLatch(1);
        CompletableFuture<Void> callback = publication.first().thenRun(() -> {
            inCallback.countDown();
            Waiting.on(release);
        });

        first.complete("value"); // completes the callback's future: were it run here, this test would hang
        Waiting.on(inCallback);
        second.complete("value");

        assertThat(publication.outcome().orTimeout(20, SECONDS).join().succeeded())
                .isTrue();
        release.countDown();
        callback.orTimeout(20, SECONDS).join();
    }

    @Test
    @DisplayName("P11: a callback that blocks on the thread that settled last holds up no other publication")
    void P11_a_blocking_callback_holds_up_no_other_publication() {
        CountDownLatch release = new CountDownLatch(1);
        try (AsyncEventCoordinator narrow =
                AsyncEventCoordinator.builder().maxInFlight(1).build()) {
            CountDownLatch go = new CountDownLatch(1);
            narrow.subscribeToEvent("e", AsyncListener.blocking(a -> Waiting.on(go)));
            CompletableFuture<Void> callback =
                    narrow.publishEvent("e").outcome().thenRun(() -> Waiting.on(release));
            go.countDown();

            assertThat(narrow.publishEvent("e")
                            .outcome()
                            .orTimeout(20, SECONDS)
                            .join()
                            .succeeded())
                    .isTrue();
            assertThat(callback).isNotDone();
            release.countDown();
            callback.orTimeout(20, SECONDS).join();
        }
    }

    @Test
    @DisplayName("P11: a callback may publish, subscribe, cancel and close: no lock is held around it")
    void P11_callbacks_may_call_everything() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        coordinator.subscribeToEvent("e", a -> stage);
        Publication<EventArguments> publication = coordinator.publishEvent("e");
        CompletableFuture<Outcome> inside = publication.outcome().thenCompose(outcome -> {
            var subscription = coordinator.subscribeToEvent("inner", a -> completedFuture("inner"));
            CompletableFuture<Outcome> inner = coordinator.publishEvent("inner").outcome();
            inner.orTimeout(20, SECONDS).join();
            subscription.closeAndDrain(Waiting.LONG);
            publication.cancel();
            coordinator.close(Duration.ZERO);
            return inner;
        });

        stage.complete("go");

        assertThat(inside.orTimeout(20, SECONDS).join().succeeded()).isTrue();
    }
}
