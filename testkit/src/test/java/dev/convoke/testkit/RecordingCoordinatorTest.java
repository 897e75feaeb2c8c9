package dev.convoke.testkit;

import static dev.convoke.listener.ListenerOptions.named;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.PublishOptions;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.EventArguments;
import dev.convoke.event.Refusal;
import dev.convoke.listener.AsyncListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RecordingCoordinatorTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    @DisplayName("publications are recorded in order, with results and outcomes, refused ones too")
    void publications_are_recorded_in_order() {
        RecordingCoordinator recorded = RecordingCoordinator.create();
        AsyncEventCoordinator coordinator = recorded.coordinator();
        coordinator.subscribeToEvent(
                "one", a -> completedFuture("done"), named("l").inline());
        coordinator.publishEvent("one", 1);
        coordinator.publishEvent("unheard");
        recorded.close();
        coordinator.publishEvent("one", 2);

        List<Recording> recordings = recorded.recordings();

        assertThat(recordings).extracting(r -> r.event().type().name()).containsExactly("one", "unheard", "one");
        assertThat(recordings).extracting(Recording::listeners).containsExactly(1, 0, 0);
        assertThat(recordings).allMatch(Recording::isFinished);
        assertThat(recordings.get(0).results()).hasOnlyElementsOfType(DeliveryResult.Succeeded.class);
        assertThat(recordings.get(0).unresolved()).isEmpty();
        assertThat(recordings.get(2).outcome().orElseThrow().refusal()).contains(Refusal.CLOSED);
        assertThat(recorded).hasToString("RecordingCoordinator[recordings: 3]");
    }

    @Test
    @DisplayName("events with the same id are told apart")
    void events_with_the_same_id() {
        ManualExecutor executor = new ManualExecutor();
        try (RecordingCoordinator recorded =
                RecordingCoordinator.of(AsyncEventCoordinator.builder().executor(executor))) {
            recorded.coordinator().subscribeToEvent("e", a -> completedFuture("done"));
            PublishOptions same = PublishOptions.defaults().id("same");
            recorded.coordinator().publishEvent("e", EventArguments.of(1), same);
            recorded.coordinator().publishEvent("e", EventArguments.of(2), same);
            executor.runNext();
            assertThat(recorded.recordings()).extracting(Recording::isFinished).containsExactly(true, false);
            executor.runAll();
        }
    }

    @Test
    @DisplayName("of finished publications the last ones are kept, of unfinished ones all, and the others are counted")
    void the_bound_is_kept() {
        try (RecordingCoordinator recorded = RecordingCoordinator.of(AsyncEventCoordinator.builder(), 3)) {
            CompletableFuture<String> pending = new CompletableFuture<>();
            recorded.coordinator()
                    .subscribeToEvent("pending", a -> pending, named("p").inline());
            recorded.coordinator().publishEvent("pending");
            recorded.coordinator().publishEvent("pending");
            for (int i = 0; i < 10; i++) {
                recorded.coordinator().publishEvent("e", i);
            }
            assertThat(recorded.recordings())
                    .<Object>extracting(r -> r.event().payload())
                    .containsExactly(
                            EventArguments.of(),
                            EventArguments.of(),
                            EventArguments.of(7),
                            EventArguments.of(8),
                            EventArguments.of(9));
            assertThat(recorded.forgotten()).isEqualTo(7);
            pending.complete("done");
            assertThat(recorded.recordings()).hasSize(3);
        }
        assertThatThrownBy(() -> RecordingCoordinator.of(AsyncEventCoordinator.builder(), 0))
                .hasMessage("the number of publications to keep must be positive: 0");
    }

    @Test
    @DisplayName("awaitQuiescence returns when the last of a tree of publications has its outcome, on real threads")
    void quiescence_on_real_threads() {
        try (RecordingCoordinator recorded = RecordingCoordinator.create()) {
            AsyncEventCoordinator coordinator = recorded.coordinator();
            AtomicInteger leaves = new AtomicInteger();
            coordinator.subscribeToEvent("node", AsyncListener.blocking(a -> {
                int depth = a.get(0, Integer.class);
                if (depth == 0) {
                    leaves.incrementAndGet();
                } else {
                    coordinator.publishEvent("node", depth - 1);
                    coordinator.publishEvent("node", depth - 1);
                }
            }));
            for (int round = 1; round <= 20; round++) {
                coordinator.publishEvent("node", 5);
                recorded.awaitQuiescence(LONG);
                assertThat(leaves).hasValue(32 * round);
                assertThat(recorded.recordings()).hasSize(63 * round).allMatch(Recording::isFinished);
            }
        }
    }

    @Test
    @DisplayName("awaitQuiescence is woken by the last outcome, and returns at once where nothing is unfinished")
    void quiescence_is_signalled() {
        try (RecordingCoordinator recorded = RecordingCoordinator.create()) {
            recorded.awaitQuiescence(Duration.ZERO);
            CompletableFuture<String> pending = new CompletableFuture<>();
            recorded.coordinator()
                    .subscribeToEvent("e", a -> pending, named("l").inline());
            recorded.coordinator().publishEvent("e");
            CompletableFuture<Void> quiescent = CompletableFuture.runAsync(() -> recorded.awaitQuiescence(LONG));
            assertThat(quiescent).isNotDone();
            pending.complete("done");
            quiescent.orTimeout(10, TimeUnit.SECONDS).join();
        }
    }

    @Test
    @DisplayName("at the time-out awaitQuiescence says what is unfinished, and how far it has come")
    void quiescence_times_out() {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ManualExecutor never = new ManualExecutor();
        try (RecordingCoordinator recorded = RecordingCoordinator.create()) {
            AsyncEventCoordinator coordinator = recorded.coordinator();
            coordinator.subscribeToEvent(
                    "order.placed", a -> completedFuture(7), named("audit").inline());
            coordinator.subscribeToEvent(
                    "order.placed",
                    AsyncListener.blocking(a -> {
                        called.countDown();
                        release.await();
                    }),
                    named("ledger"));
            coordinator.subscribeToEvent(
                    "order.placed", a -> completedFuture("mail"), named("mail").executor(never));
            coordinator.publishEvent("finished");
            coordinator.publishEvent(
                    "order.placed",
                    EventArguments.of("tea", 2).with("by", "Ada"),
                    PublishOptions.defaults().id("o-1"));
            awaitUninterrupted(called);

            Throwable thrown = catchThrowable(() -> recorded.awaitQuiescence(Duration.ofMillis(5)));

            assertThat(thrown)
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("unfinished after PT0.005S:\n"
                            + "  order.placed (\"tea\", 2, by: \"Ada\") [o-1] → "
                            + "unfinished: audit succeeded with 7, ledger running, 1 not started");
            release.countDown();
            never.runAll();
            recorded.awaitQuiescence(LONG);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("an interrupt ends the wait for quiescence, and stays set")
    void an_interrupt_ends_the_wait() {
        try (RecordingCoordinator recorded = RecordingCoordinator.create()) {
            CompletableFuture<String> pending = new CompletableFuture<>();
            recorded.coordinator()
                    .subscribeToEvent("e", a -> pending, named("l").inline());
            recorded.coordinator().publishEvent("e");
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> recorded.awaitQuiescence(LONG))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("interrupted while awaiting quiescence");
            assertThat(Thread.interrupted()).isTrue();
            pending.complete("done");
        }
    }

    @Test
    @DisplayName("a late completion is recorded with its publication, and recording looks at no failure")
    void late_completions_are_recorded() {
        ManualTicker ticker = new ManualTicker();
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        try (RecordingCoordinator recorded = RecordingCoordinator.of(
                AsyncEventCoordinator.builder().ticker(ticker).onUnobservedFailure(failure -> told.countDown()))) {
            recorded.coordinator()
                    .subscribeToEvent(
                            "e",
                            AsyncListener.blocking(a -> {
                                called.countDown();
                                try {
                                    new CountDownLatch(1).await();
                                } catch (InterruptedException e) {
                                    interrupted.countDown();
                                }
                            }),
                            named("slow").timeout(Duration.ofSeconds(1)));
            recorded.coordinator().publishEvent("e");
            awaitUninterrupted(called);
            ticker.advance(Duration.ofSeconds(1));
            recorded.awaitQuiescence(LONG);
            assertThat(recorded.recordings().get(0).results()).hasOnlyElementsOfType(DeliveryResult.TimedOut.class);
            recorded.coordinator().close(); // what nobody looked at is reported at the latest now
            awaitUninterrupted(told);
            awaitUninterrupted(interrupted);
            Awaitility.await().until(() -> recorded.recordings().get(0).lateCompletions() == 1);
        }
    }
}
