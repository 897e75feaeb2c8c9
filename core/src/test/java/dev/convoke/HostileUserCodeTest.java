package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.DeliveryResult.TimedOut;
import dev.convoke.event.DrainReport;
import dev.convoke.event.Event;
import dev.convoke.event.EventArguments;
import dev.convoke.event.Outcome;
import dev.convoke.event.PublicationFailedException;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Overflow;
import dev.convoke.listener.Subscription;
import dev.convoke.spi.CoordinatorObserver;
import dev.convoke.testing.Listeners;
import dev.convoke.testing.Mode;
import dev.convoke.testing.Waiting;
import dev.convoke.testkit.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What once broke the core, or would have: stages, exceptions, callbacks and executors that behave badly. */
class HostileUserCodeTest {
    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();

    private Outcome settled(Publication<?> publication) {
        return publication.outcome().orTimeout(20, SECONDS).join();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P3: a minimal stage, which refuses to be asked whether it is done, counts as any other")
    void P3_minimal_stages_count_as_any_other(Mode mode) {
        try (coordinator) {
            IllegalStateException no = new IllegalStateException("no");
            CompletableFuture<String> later = new CompletableFuture<>();
            coordinator.subscribeToEvent(
                    "e", mode.of(a -> CompletableFuture.completedStage("v")), mode.named("completed"));
            coordinator.subscribeToEvent("e", mode.of(a -> CompletableFuture.failedStage(no)), mode.named("failed"));
            coordinator.subscribeToEvent("e", mode.of(a -> later.minimalCompletionStage()), mode.named("later"));
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            later.complete("later");

            assertThat(settled(publication).results())
                    .hasExactlyElementsOfTypes(Succeeded.class, Failed.class, Succeeded.class);
            assertThat(((Failed) settled(publication).results().get(1)).cause()).isSameAs(no);
        }
    }

    @Test
    @DisplayName("P6: a minimal stage, which cannot be cancelled, ends with its time-out, and gives its permit back")
    void P6_a_stage_that_cannot_be_cancelled_ends_all_the_same() {
        try (AsyncEventCoordinator narrow = AsyncEventCoordinator.builder()
                .maxInFlight(1)
                .overflow(Overflow.REJECT)
                .build()) {
            narrow.subscribeToEvent(
                    "e",
                    a -> new CompletableFuture<>().minimalCompletionStage(),
                    ListenerOptions.defaults().timeout(Duration.ofMillis(1)));
            for (int i = 0; i < 3; i++) {
                assertThat(settled(narrow.publishEvent("e")).results()).hasOnlyElementsOfType(TimedOut.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P3: a stage whose whenComplete throws fails its delivery alone")
    void P3_a_stage_that_refuses_callbacks_fails(Mode mode) {
        class Refusing extends CompletableFuture<String> {
            @Override
            public CompletableFuture<String> whenComplete(BiConsumer<? super String, ? super Throwable> action) {
                throw new UnsupportedOperationException("planted");
            }
        }
        try (coordinator) {
            coordinator.subscribeToEvent("e", mode.of(a -> new Refusing()), mode.named("refusing"));
            coordinator.subscribeToEvent("e", mode.of(a -> completedFuture(1)), mode.named("good"));

            assertThat(settled(coordinator.publishEvent("e")).results())
                    .hasExactlyElementsOfTypes(Failed.class, Succeeded.class);
        }
    }

    private static final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            throw new IllegalStateException("planted: toString");
        }

        @Override
        public String getMessage() {
            throw new IllegalStateException("planted: getMessage");
        }
    }

    private static final class Causeless extends CompletionException {
        private static final long serialVersionUID = 1L;

        Causeless() {
            super("planted");
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // it has nothing to guard
        public Throwable getCause() {
            throw new IllegalStateException("planted: getCause");
        }
    }

    @Test
    @DisplayName("P2: an exception that fails at being looked at keeps no future open")
    void P2_an_exception_that_cannot_be_looked_at_keeps_nothing_open() {
        try (coordinator) {
            ManualExecutor executor = new ManualExecutor();
            coordinator.subscribeToEvent(
                    "e",
                    a -> {
                        throw new Unspeakable();
                    },
                    ListenerOptions.named("l").executor(executor));
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            CompletableFuture<Outcome> outcome = publication.outcome();
            CompletableFuture<Object> first = publication.first();

            executor.runAll();

            assertThat(outcome).isCompleted();
            assertThat(first).isCompletedExceptionally();
            assertThatThrownBy(() -> outcome.join().orThrow())
                    .isInstanceOf(PublicationFailedException.class)
                    .hasMessageContaining("l: " + Unspeakable.class.getName());
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P3: a CompletionException that cannot say its cause is the cause")
    void P3_an_exception_without_a_cause_to_be_had(Mode mode) {
        try (coordinator) {
            coordinator.subscribeToEvent("e", mode.of(a -> failedFuture(new Causeless())), mode.named("l"));
            assertThat(settled(coordinator.publishEvent("e")).results()).hasOnlyElementsOfType(Failed.class);
        }
    }

    @Test
    @DisplayName("P2: an observer that fails, with a name and a log handler that fail too, keeps nothing open")
    void P2_a_failing_observer_and_a_failing_log_keep_nothing_open() {
        Logger logger = Logger.getLogger("dev.convoke");
        Handler failing = new Handler() {
            @Override
            public void publish(LogRecord record) {
                throw new IllegalStateException("planted: log handler");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        CoordinatorObserver observer = new CoordinatorObserver() {
            @Override
            public void onResult(Event<?> event, DeliveryResult result) {
                throw new IllegalStateException("planted: observer");
            }

            @Override
            public String toString() {
                throw new IllegalStateException("planted: toString");
            }
        };
        logger.addHandler(failing);
        try (AsyncEventCoordinator observed =
                AsyncEventCoordinator.builder().observer(observer).build()) {
            observed.subscribeToEvent("e", a -> completedFuture(1));
            assertThat(settled(observed.publishEvent("e")).succeeded()).isTrue();
        } finally {
            logger.removeHandler(failing);
        }
    }

    @Test
    @DisplayName(
            "P6: an onCancel callback that blocks holds up neither the outcome, nor another listener, nor the closer")
    void P6_a_blocking_onCancel_callback_holds_up_nobody() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        coordinator.subscribeToEvent(
                "e",
                AsyncListener.withContext((a, context) -> {
                    context.onCancel(() -> Waiting.on(release));
                    return new CompletableFuture<>();
                }),
                ListenerOptions.named("blocking callback").inline());
        coordinator.subscribeToEvent("e", Listeners.interruptible(started, interrupted));
        Publication<EventArguments> timed = coordinator.publishEvent(
                "e", EventArguments.of(), PublishOptions.defaults().deadline(Duration.ofMillis(20)));
        assertThat(settled(timed).results()).hasOnlyElementsOfType(TimedOut.class);
        Waiting.on(interrupted);

        Publication<EventArguments> open = coordinator.publishEvent("e");
        CompletableFuture<DrainReport> closing = CompletableFuture.supplyAsync(() -> coordinator.close(Duration.ZERO));
        assertThat(closing.orTimeout(10, SECONDS).join().abandoned()).isEmpty();
        assertThat(settled(open).failures()).hasSize(2);
        release.countDown();
    }

    @Test
    @DisplayName("P5: closing a subscription twice is harmless, also when its place has been taken or is gone")
    void P5_closing_twice_is_harmless_wherever_it_stood() {
        try (coordinator) {
            List<Subscription> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(coordinator.subscribeToEvent("e", a -> completedFuture(1)));
            }
            all.subList(0, 7).forEach(Subscription::close);
            coordinator.subscribeToEvent("e", a -> completedFuture(2));
            all.forEach(Subscription::close);
            all.forEach(Subscription::close);
            assertThat(settled(coordinator.publishEvent("e")).results()).hasSize(1);
        }
    }

    @Test
    @DisplayName("P6: an interrupt for an outer delivery is not eaten by an inner one on the same thread")
    void P6_an_interrupt_reaches_the_outer_delivery() {
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicBoolean innerRan = new AtomicBoolean();
        try (coordinator) {
            coordinator.subscribeToEvent(
                    "inner",
                    AsyncListener.blocking(a -> {
                        innerRan.set(true);
                        new CountDownLatch(1).await();
                    }),
                    ListenerOptions.defaults().executor(Runnable::run));
            coordinator.subscribeToEvent("outer", AsyncListener.blocking(a -> {
                coordinator.publishEvent("inner").outcome();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            }));
            Publication<EventArguments> outer = coordinator.publishEvent(
                    "outer", EventArguments.of(), PublishOptions.defaults().deadline(Duration.ofMillis(30)));
            settled(outer);
            Waiting.on(interrupted);
            assertThat(innerRan).isTrue();
        }
    }

    @Test
    @DisplayName("P8: a continuation that names its cause passes the bound that its cause holds")
    void P8_a_continuation_with_its_cause_passes_the_bound() {
        try (AsyncEventCoordinator narrow =
                AsyncEventCoordinator.builder().maxInFlight(1).build()) {
            narrow.subscribeToEvent("inner", a -> completedFuture("inner"));
            narrow.subscribeToEvent(
                    "outer",
                    AsyncListener.withContext((a, context) -> CompletableFuture.supplyAsync(() -> "later")
                            .thenComposeAsync(x -> narrow.publishEvent(
                                            "inner",
                                            EventArguments.of(),
                                            PublishOptions.defaults().causedBy(context))
                                    .gather())));
            assertThat(narrow.publishEvent("outer")
                            .gather()
                            .orTimeout(10, SECONDS)
                            .join())
                    .containsExactly(List.of("inner"));
        }
    }

    @Test
    @DisplayName("P4: a handler that blocks keeps one thread, not one for each failure")
    void P4_a_blocking_handler_keeps_one_thread() {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger inHandler = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (AsyncEventCoordinator slow = AsyncEventCoordinator.builder()
                .unobservedAfter(Duration.ofMillis(1))
                .onUnobservedFailure(failure -> {
                    most.accumulateAndGet(inHandler.incrementAndGet(), Math::max);
                    Waiting.on(release);
                    inHandler.decrementAndGet();
                })
                .build()) {
            slow.subscribeToEvent("e", a -> failedFuture(new IllegalStateException("planted")));
            slow.subscribeToEvent(
                    "tick",
                    a -> new CompletableFuture<>(),
                    ListenerOptions.defaults().timeout(Duration.ofMillis(2)));
            for (int i = 0; i < 50; i++) {
                slow.publishEvent("e");
                settled(slow.publishEvent("tick")); // so that the grace of the one before has passed
            }
            Waiting.until(() -> inHandler.get() == 1);
            assertThat(most).hasValue(1);
            release.countDown();
        }
    }

    @Test
    @DisplayName("P2: asking again and again, and giving up each time, piles up nothing")
    void P2_giving_up_piles_up_nothing() throws Exception {
        try (coordinator) {
            CompletableFuture<String> stage = new CompletableFuture<>();
            coordinator.subscribeToEvent(
                    "e", a -> stage, ListenerOptions.defaults().inline());
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            for (int i = 0; i < 1_000; i++) {
                assertThatThrownBy(() -> publication.await(Duration.ZERO)).isInstanceOf(TimeoutException.class);
                publication.outcome().cancel(false);
            }
            CompletableFuture<Outcome> kept = publication.outcome();
            stage.complete("v");
            assertThat(kept).isCompleted();
            assertThat(publication.await().succeeded()).isTrue();
        }
    }

    @Test
    @DisplayName("P12: a listener's thread has nothing of the publisher that happened to come first")
    void P12_threads_inherit_nothing_from_a_publisher() {
        InheritableThreadLocal<String> tenant = new InheritableThreadLocal<>();
        AtomicReference<String> seen = new AtomicReference<>();
        try (coordinator) {
            coordinator.subscribeToEvent(
                    "e",
                    AsyncListener.blocking(a ->
                            seen.set(tenant.get() + " " + Thread.currentThread().getContextClassLoader())));
            tenant.set("first publisher's");
            settled(coordinator.publishEvent("e"));
        } finally {
            tenant.remove();
        }
        assertThat(seen).hasValue("null " + AsyncEventCoordinator.class.getClassLoader());
    }

    @Test
    @DisplayName("P10: what an inline walk leaves pending after the closing is cancelled")
    void P10_what_comes_late_is_cancelled() {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AsyncListener<EventArguments> pending = a -> {
            called.countDown();
            Waiting.on(release);
            return new CompletableFuture<>();
        };
        coordinator.subscribeToEvent("e", pending, ListenerOptions.defaults().inline());
        CompletionStage<Outcome> walking = CompletableFuture.supplyAsync(
                        () -> coordinator.publishEvent("e"), task -> new Thread(task, "walker").start())
                .thenCompose(Publication::outcome);
        Waiting.on(called);
        coordinator.close();
        release.countDown();

        assertThat(walking.toCompletableFuture().orTimeout(20, SECONDS).join().results())
                .hasOnlyElementsOfType(DeliveryResult.Cancelled.class);
    }
}
