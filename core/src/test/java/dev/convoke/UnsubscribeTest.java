package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.DeliveryResult.Skipped;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.EventArguments;
import dev.convoke.event.Outcome;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Subscription;
import dev.convoke.testing.Listeners;
import dev.convoke.testing.Mode;
import dev.convoke.testing.Waiting;
import dev.convoke.testkit.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnsubscribeTest {
    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();

    @AfterEach
    void close() {
        coordinator.close();
    }

    @Test
    @DisplayName("P5: a delivery that has not started when its subscription is closed is skipped")
    void P5_what_has_not_started_is_skipped() {
        ManualExecutor executor = new ManualExecutor();
        AtomicInteger runs = new AtomicInteger();
        Subscription subscription = coordinator.subscribeToEvent(
                "e",
                a -> completedFuture(runs.incrementAndGet()),
                ListenerOptions.named("gone").executor(executor));
        Publication<EventArguments> publication = coordinator.publishEvent("e");

        subscription.close();
        subscription.close();
        executor.runAll();

        Skipped skipped = (Skipped) publication.outcome().join().results().get(0);
        assertThat(skipped.reason()).isEqualTo(Reason.UNSUBSCRIBED);
        assertThat(skipped.attempts()).isZero();
        assertThat(publication.outcome().join().succeeded()).isTrue();
        assertThat(publication.gather().join()).containsExactly((Object) null);
        assertThat(runs).hasValue(0);
        assertThat(coordinator.listeners()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P5: after close() returned no delivery starts, however many publishers race with it")
    void P5_nothing_starts_after_close_returned(Mode mode) {
        for (int round = 0; round < 200; round++) {
            AtomicBoolean closed = new AtomicBoolean();
            AtomicInteger afterClose = new AtomicInteger();
            AtomicInteger calls = new AtomicInteger();
            String event = "round-" + round;
            Subscription subscription = coordinator.subscribeToEvent(
                    event,
                    mode.of(a -> {
                        calls.incrementAndGet();
                        // A delivery that turned RUNNING before may get here a moment later: only a publication that
                        // was
                        // made after close() returned says for sure.
                        if (a.get(0, Boolean.class) && closed.get()) {
                            afterClose.incrementAndGet();
                        }
                        return completedFuture(null);
                    }),
                    mode.named("racing"));
            List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
            CompletableFuture<Void> publisher = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 50; i++) {
                    outcomes.add(coordinator.publishEvent(event, closed.get()).outcome());
                }
            });
            subscription.close();
            closed.set(true);
            coordinator
                    .publishEvent(event, true)
                    .outcome()
                    .orTimeout(20, SECONDS)
                    .join();
            publisher.orTimeout(20, SECONDS).join();

            int ran = 0;
            for (CompletableFuture<Outcome> outcome : outcomes) {
                Outcome settled = outcome.orTimeout(20, SECONDS).join();
                assertThat(settled.results()).allMatch(r -> r instanceof Succeeded || r instanceof Skipped);
                ran += (int) settled.results().stream()
                        .filter(Succeeded.class::isInstance)
                        .count();
            }
            assertThat(afterClose).hasValue(0);
            assertThat(calls).hasValue(ran);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P5: closeAndDrain waits for what is running, and says if it ended in time")
    void P5_closeAndDrain_waits_for_what_is_running(Mode mode) {
        CompletableFuture<String> stage = new CompletableFuture<>();
        CountDownLatch called = new CountDownLatch(1);
        Subscription subscription =
                coordinator.subscribeToEvent("e", mode.of(a -> Listeners.called(called, stage)), mode.named("slow"));
        Publication<EventArguments> publication = coordinator.publishEvent("e");
        Waiting.on(called);

        assertThat(subscription.closeAndDrain(Duration.ofMillis(5))).isFalse();
        CompletableFuture<Boolean> drained =
                CompletableFuture.supplyAsync(() -> subscription.closeAndDrain(Waiting.LONG));
        stage.complete("done");

        assertThat(drained.orTimeout(20, SECONDS).join()).isTrue();
        assertThat(publication.outcome().orTimeout(20, SECONDS).join().succeeded())
                .isTrue();
        assertThat(subscription.closeAndDrain(Duration.ZERO)).isTrue();
        assertThatThrownBy(() -> subscription.closeAndDrain(Duration.ofMillis(-1)))
                .hasMessage("timeout must not be negative: PT-0.001S");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P5: closing and draining from inside the listener itself does not wait for itself or those around it")
    void P5_draining_from_inside_the_listener_does_not_wait_for_itself(Mode mode) {
        AtomicReference<Subscription> outer = new AtomicReference<>();
        AtomicReference<Subscription> inner = new AtomicReference<>();
        List<Boolean> drained = new ArrayList<>();
        outer.set(coordinator.subscribeToEvent(
                "outer", mode.of(a -> coordinator.publishEvent("inner").gather()), mode.named("outer")));
        inner.set(coordinator.subscribeToEvent(
                "inner",
                mode.of(a -> {
                    drained.add(inner.get().closeAndDrain(Waiting.LONG));
                    drained.add(outer.get().closeAndDrain(Waiting.LONG));
                    return completedFuture("inner");
                }),
                mode.named("inner")));

        Outcome outcome = coordinator
                .publishEvent("outer")
                .outcome()
                .orTimeout(10, SECONDS)
                .join();

        assertThat(outcome.succeeded()).isTrue();
        assertThat(drained).containsExactly(true, true);
    }

    @Test
    @DisplayName("P5: with trackInline, draining waits for an inline listener that another thread is in the middle of")
    void P5_trackInline_waits_for_inline_walkers() {
        try (AsyncEventCoordinator tracking =
                AsyncEventCoordinator.builder().trackInline(true).build()) {
            CountDownLatch called = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            Subscription subscription = tracking.subscribeToEvent(
                    "e",
                    a -> {
                        called.countDown();
                        Waiting.on(release);
                        return completedFuture("done");
                    },
                    ListenerOptions.named("walker").inline());
            CompletableFuture<Outcome> outcome = CompletableFuture.supplyAsync(() -> tracking.publishEvent("e"))
                    .thenCompose(Publication::outcome);
            Waiting.on(called);

            assertThat(subscription.closeAndDrain(Duration.ofMillis(5))).isFalse();
            release.countDown();
            assertThat(subscription.closeAndDrain(Waiting.LONG)).isTrue();
            assertThat(outcome.orTimeout(20, SECONDS).join().succeeded()).isTrue();
        }
    }

    @Test
    @DisplayName("P5: an interrupt ends the wait of closeAndDrain, and stays set")
    void P5_an_interrupt_ends_the_drain() {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Subscription subscription = coordinator.subscribeToEvent("e", Listeners.blocked(called, release));
        coordinator.publishEvent("e");
        Waiting.on(called);

        Thread.currentThread().interrupt();
        assertThat(subscription.closeAndDrain(Waiting.LONG)).isFalse();
        assertThat(Thread.interrupted()).isTrue();
        release.countDown();
    }
}
