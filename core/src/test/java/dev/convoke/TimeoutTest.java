package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Cancelled;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.DeliveryResult.TimedOut;
import dev.convoke.event.Event;
import dev.convoke.event.EventArguments;
import dev.convoke.event.Outcome;
import dev.convoke.event.SlowDelivery;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.EventContext;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Overflow;
import dev.convoke.spi.CoordinatorObserver;
import dev.convoke.testing.Listeners;
import dev.convoke.testing.Mode;
import dev.convoke.testing.Waiting;
import dev.convoke.testkit.ManualExecutor;
import dev.convoke.testkit.ManualTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TimeoutTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ManualTicker ticker = new ManualTicker();
    private final List<String> late = new CopyOnWriteArrayList<>();
    private final List<SlowDelivery> slow = new CopyOnWriteArrayList<>();
    private final AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
            .ticker(ticker)
            .drainTimeout(Duration.ZERO)
            .observer(new CoordinatorObserver() {
                @Override
                public void onLateCompletion(Event<?> event, String listener, Duration took) {
                    late.add(listener + " after " + took);
                }

                @Override
                public void onSlow(SlowDelivery delivery) {
                    slow.add(delivery);
                }
            })
            .build();

    private Outcome settled(Publication<?> publication) {
        return publication.outcome().orTimeout(20, SECONDS).join();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P6: a delivery is TimedOut at the deadline, its stage is cancelled, and the others are left alone")
    void P6_a_pending_stage_times_out_and_is_cancelled(Mode mode) {
        try (coordinator) {
            CompletableFuture<String> stage = new CompletableFuture<>();
            CompletableFuture<String> other = new CompletableFuture<>();
            CountDownLatch called = new CountDownLatch(2);
            coordinator.subscribeToEvent(
                    "e",
                    mode.of(a -> Listeners.called(called, stage)),
                    mode.named("slow").timeout(LIMIT));
            coordinator.subscribeToEvent("e", mode.of(a -> Listeners.called(called, other)), mode.named("other"));
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            Waiting.on(called);
            Waiting.until(() -> stage.getNumberOfDependents() > 0);

            ticker.advance(LIMIT.minusNanos(1));
            assertThat(publication.gather()).isNotDone();
            ticker.advance(Duration.ofNanos(1));

            assertThatThrownBy(() -> publication.gather().orTimeout(20, SECONDS).join())
                    .hasCauseInstanceOf(TimeoutException.class)
                    .hasMessageContaining("listener slow timed out after PT5S");
            Waiting.until(stage::isCancelled);
            assertThat(publication.outcome()).isNotDone();
            other.complete("fine");
            assertThat(settled(publication).results())
                    .hasExactlyElementsOfTypes(TimedOut.class, Succeeded.class)
                    .first()
                    .satisfies(r -> assertThat(((TimedOut) r).after()).isEqualTo(LIMIT))
                    .satisfies(r -> assertThat(r.took()).isEqualTo(LIMIT));
        }
        assertThat(late).isEmpty();
    }

    @Test
    @DisplayName(
            "P6: a blocking listener is interrupted at the deadline; that it ends late is told, and changes nothing")
    void P6_a_blocking_listener_is_interrupted_and_ends_late() {
        try (coordinator) {
            CountDownLatch called = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            coordinator.subscribeToEvent(
                    "e",
                    Listeners.interruptible(called, interrupted),
                    ListenerOptions.named("blocked").timeout(LIMIT));
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            Waiting.on(called);

            ticker.advance(LIMIT);

            Waiting.on(interrupted);
            Waiting.until(() -> !late.isEmpty());
            assertThat(late).containsExactly("blocked after PT5S");
            assertThat(settled(publication).results()).hasOnlyElementsOfType(TimedOut.class);
        }
    }

    @Test
    @DisplayName("P6: the delivery is TimedOut at the deadline even where the listener ignores the interrupt")
    void P6_times_out_whatever_the_listener_does() {
        AtomicBoolean release = new AtomicBoolean();
        try (coordinator) {
            CountDownLatch called = new CountDownLatch(2);
            for (int i = 0; i < 2; i++) { // on two cores they leave no carrier to virtual threads
                coordinator.subscribeToEvent(
                        "e",
                        Listeners.stubborn(called, release),
                        ListenerOptions.named("stubborn").timeout(LIMIT));
            }
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            Waiting.on(called);

            ticker.advance(LIMIT);

            assertThat(settled(publication).results()).hasOnlyElementsOfType(TimedOut.class);
            release.set(true);
            Waiting.until(() -> late.size() == 2);
        }
    }

    @Test
    @DisplayName("P6: without a time-out there is none; with the coordinator's default every listener has it")
    void P6_no_time_out_unless_one_is_set() {
        CompletableFuture<String> unlimited = new CompletableFuture<>();
        try (coordinator;
                AsyncEventCoordinator limited = AsyncEventCoordinator.builder()
                        .ticker(ticker)
                        .defaultTimeout(LIMIT)
                        .build()) {
            coordinator.subscribeToEvent(
                    "e", a -> unlimited, ListenerOptions.defaults().inline());
            limited.subscribeToEvent(
                    "e",
                    a -> new CompletableFuture<>(),
                    ListenerOptions.defaults().inline());
            Publication<EventArguments> free = coordinator.publishEvent("e");
            Publication<EventArguments> bound = limited.publishEvent("e");

            ticker.advance(Duration.ofDays(10_000));

            assertThat(settled(bound).results()).hasOnlyElementsOfType(TimedOut.class);
            assertThat(free.outcome()).isNotDone();
            unlimited.complete("at last");
            assertThat(settled(free).succeeded()).isTrue();
            assertThat(limited.listeners("e").get(0).timeout()).contains(LIMIT);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P6: a publication's deadline ends all its deliveries, and is inherited by publications made inside")
    void P6_a_deadline_is_inherited(Mode mode) {
        try (coordinator) {
            AtomicReference<Publication<EventArguments>> inner = new AtomicReference<>();
            CountDownLatch called = new CountDownLatch(1);
            coordinator.subscribeToEvent(
                    "outer",
                    mode.of(a -> {
                        inner.set(coordinator.publishEvent(
                                "inner",
                                EventArguments.of(),
                                PublishOptions.defaults().deadline(Duration.ofDays(1))));
                        return new CompletableFuture<>(); // the gathered one would fail at the same moment
                    }),
                    mode.named("outer"));
            coordinator.subscribeToEvent(
                    "inner", mode.of(a -> Listeners.called(called, new CompletableFuture<>())), mode.named("inner"));
            Publication<EventArguments> outer = coordinator.publishEvent(
                    "outer", EventArguments.of(), PublishOptions.defaults().deadline(LIMIT));
            Waiting.on(called);
            Waiting.until(() -> inner.get() != null);

            ticker.advance(LIMIT);

            assertThat(settled(outer).results()).hasOnlyElementsOfType(TimedOut.class);
            assertThat(settled(inner.get()).results()).hasOnlyElementsOfType(TimedOut.class);
            assertThat(((TimedOut) settled(inner.get()).results().get(0)).after())
                    .isEqualTo(LIMIT);
        }
    }

    @Test
    @DisplayName("P6: a deadline also ends a delivery that has not started")
    void P6_a_deadline_ends_what_has_not_started() {
        try (coordinator) {
            ManualExecutor executor = new ManualExecutor();
            AtomicInteger runs = new AtomicInteger();
            coordinator.subscribeToEvent(
                    "e",
                    a -> completedFuture(runs.incrementAndGet()),
                    ListenerOptions.defaults().executor(executor));
            Publication<EventArguments> publication = coordinator.publishEvent(
                    "e", EventArguments.of(), PublishOptions.defaults().deadline(LIMIT));

            ticker.advance(LIMIT);

            assertThat(settled(publication).results())
                    .hasOnlyElementsOfType(TimedOut.class)
                    .extracting(DeliveryResult::attempts)
                    .containsExactly(0);
            executor.runAll();
            assertThat(runs).hasValue(0);
        }
    }

    @Test
    @DisplayName("P6: published inside a delivery whose deadline has passed, nothing starts any more")
    void P6_nothing_starts_after_an_inherited_deadline() {
        try (coordinator) {
            AtomicReference<EventContext> context = new AtomicReference<>();
            AtomicInteger runs = new AtomicInteger();
            coordinator.subscribeToEvent(
                    "outer",
                    AsyncListener.withContext((a, c) -> {
                        context.set(c);
                        return completedFuture(null);
                    }),
                    ListenerOptions.defaults().inline());
            coordinator.subscribeToEvent(
                    "inner",
                    a -> completedFuture(runs.incrementAndGet()),
                    ListenerOptions.defaults().inline());
            coordinator.publishEvent(
                    "outer", EventArguments.of(), PublishOptions.defaults().deadline(LIMIT));
            ticker.advance(LIMIT);

            Publication<EventArguments> inner = coordinator.publishEvent(
                    "inner", EventArguments.of(), PublishOptions.defaults().causedBy(context.get()));

            assertThat(settled(inner).results()).hasOnlyElementsOfType(TimedOut.class);
            assertThat(runs).hasValue(0);
        }
    }

    @Test
    @DisplayName("P6: a permit of the in-flight bound returns when the timed-out invocation has really ended")
    void P6_a_permit_returns_when_the_invocation_ended() {
        CountDownLatch called = new CountDownLatch(1);
        AtomicBoolean release = new AtomicBoolean();
        try (AsyncEventCoordinator narrow = AsyncEventCoordinator.builder()
                .ticker(ticker)
                .maxInFlight(1)
                .overflow(Overflow.REJECT)
                .build()) {
            narrow.subscribeToEvent(
                    "stubborn",
                    Listeners.stubborn(called, release),
                    ListenerOptions.defaults().timeout(LIMIT));
            narrow.subscribeToEvent("other", a -> completedFuture("ran"));
            Publication<EventArguments> stubborn = narrow.publishEvent("stubborn");
            Waiting.on(called);
            ticker.advance(LIMIT);
            assertThat(settled(stubborn).results()).hasOnlyElementsOfType(TimedOut.class);

            assertThat(settled(narrow.publishEvent("other")).failures()).hasSize(1);
            release.set(true);
            Waiting.until(() -> settled(narrow.publishEvent("other")).succeeded());
        }
    }

    @Test
    @DisplayName("P6: an interrupt never reaches a later task of the same thread")
    void P6_an_interrupt_never_reaches_a_later_task() {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try (AsyncEventCoordinator real = new AsyncEventCoordinator()) {
            real.subscribeToEvent(
                    "e",
                    AsyncListener.blocking(a -> {
                        long end = System.nanoTime() + a.get(0, Integer.class) * 1_000L;
                        while (System.nanoTime() < end) {
                            Thread.onSpinWait();
                        }
                    }),
                    ListenerOptions.defaults().executor(one));
            AtomicInteger interrupted = new AtomicInteger();
            for (int i = 0; i < 3_000; i++) {
                Publication<EventArguments> publication = real.publishEvent("e", i % 40);
                CompletableFuture<Void> next = CompletableFuture.runAsync(
                        () -> interrupted.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0), one);
                publication.cancel();
                next.orTimeout(20, SECONDS).join();
            }
            assertThat(interrupted).hasValue(0);
        } finally {
            one.shutdown();
        }
    }

    @Test
    @DisplayName("P6: an inline listener is never interrupted, and blocking with inline is refused")
    void P6_inline_is_never_interrupted() {
        try (coordinator) {
            assertThatThrownBy(() -> coordinator.subscribeToEvent(
                            "e",
                            AsyncListener.blocking(a -> {}),
                            ListenerOptions.named("b").inline()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("listener b of event e blocks and cannot be inline");
            assertThat(coordinator.listeners()).isEmpty();

            AtomicBoolean interrupted = new AtomicBoolean();
            coordinator.subscribeToEvent(
                    "inline",
                    AsyncListener.withContext((a, context) -> {
                        ticker.advance(LIMIT);
                        Waiting.until(context::isCancelled);
                        interrupted.set(Thread.currentThread().isInterrupted());
                        return new CompletableFuture<>();
                    }),
                    ListenerOptions.named("inline").inline().timeout(LIMIT));

            assertThat(settled(coordinator.publishEvent("inline")).results()).hasOnlyElementsOfType(TimedOut.class);
            assertThat(interrupted).isFalse();
        }
    }

    @Test
    @DisplayName("P6: the context knows the deadline, and is told of the time-out")
    void P6_the_context_knows_the_deadline_and_the_time_out() {
        try (coordinator) {
            AtomicReference<EventContext> context = new AtomicReference<>();
            List<String> told = new CopyOnWriteArrayList<>();
            Instant start = ticker.instant();
            coordinator.subscribeToEvent(
                    "e",
                    AsyncListener.withContext((a, c) -> {
                        context.set(c);
                        c.onCancel(() -> told.add("one"));
                        c.onCancel(() -> {
                            throw new IllegalStateException("planted");
                        });
                        c.onCancel(() -> told.add("two"));
                        return new CompletableFuture<>();
                    }),
                    ListenerOptions.defaults().inline().timeout(LIMIT));
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            assertThat(context.get().deadline()).contains(start.plus(LIMIT));
            assertThat(context.get().isCancelled()).isFalse();

            ticker.advance(LIMIT);

            settled(publication);
            Waiting.until(() -> told.size() == 2);
            assertThat(context.get().isCancelled()).isTrue();
            context.get().onCancel(() -> told.add("at once"));
            assertThat(told).containsExactlyInAnyOrder("one", "two", "at once");
            assertThat(context.get().attempt()).isEqualTo(1);
            assertThat(context.get().event()).isSameAs(publication.event());
            assertThat(context.get().idempotencyKey())
                    .isEqualTo("/convoke/" + publication.event().id() + "/e#1");
        }
    }

    @Test
    @DisplayName("P6: onCancel is not called where the delivery ends by itself")
    void P6_onCancel_is_not_called_without_cancellation() {
        try (coordinator) {
            AtomicBoolean told = new AtomicBoolean();
            AtomicReference<Optional<Instant>> deadline = new AtomicReference<>();
            coordinator.subscribeToEvent(
                    "e",
                    AsyncListener.withContext((a, c) -> {
                        c.onCancel(() -> told.set(true));
                        deadline.set(c.deadline());
                        return completedFuture("done");
                    }),
                    ListenerOptions.defaults().inline());
            Publication<EventArguments> publication = coordinator.publishEvent("e");

            assertThat(settled(publication).succeeded()).isTrue();
            assertThat(publication.cancel()).isFalse();
            assertThat(told).isFalse();
            assertThat(deadline.get()).isEmpty();
        }
    }

    @Test
    @DisplayName(
            "P6: a delivery on an executor that runs longer than the slow threshold is reported once, with its stack")
    void P6_a_slow_delivery_is_reported_once() {
        try (coordinator) {
            CountDownLatch called = new CountDownLatch(2);
            CountDownLatch release = new CountDownLatch(1);
            coordinator.subscribeToEvent("e", Listeners.blocked(called, release), ListenerOptions.named("blocked"));
            CompletableFuture<String> pending = new CompletableFuture<>();
            coordinator.subscribeToEvent("e", a -> Listeners.called(called, pending), ListenerOptions.named("pending"));
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            Waiting.on(called);
            Waiting.until(() -> pending.getNumberOfDependents() > 0);

            ticker.advance(Duration.ofSeconds(29));
            assertThat(slow).isEmpty();
            Waiting.until(() -> {
                ticker.advance(Duration.ofSeconds(1));
                return slow.size() == 2;
            });
            ticker.advance(Duration.ofMinutes(5));
            release.countDown();
            pending.complete("done");
            settled(publication);
        }
        assertThat(slow).extracting(SlowDelivery::listener).containsExactlyInAnyOrder("blocked", "pending");
        SlowDelivery blocked = slow.stream()
                .filter(s -> s.listener().equals("blocked"))
                .findFirst()
                .orElseThrow();
        assertThat(blocked.running()).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
        assertThat(blocked.stack()).anyMatch(frame -> frame.getClassName().contains("Listeners"));
        assertThat(slow)
                .filteredOn(s -> s.listener().equals("pending"))
                .allMatch(s -> s.stack().isEmpty());
    }

    @Test
    @DisplayName("P6: an inline listener is watched only where a threshold is set")
    void P6_inline_listeners_are_watched_where_a_threshold_is_set() {
        List<SlowDelivery> reported = new CopyOnWriteArrayList<>();
        AsyncListener<EventArguments> holdsTheThread = a -> {
            ticker.advance(Duration.ofSeconds(31));
            Waiting.until(() -> a.positional().isEmpty() || !reported.isEmpty());
            return completedFuture("done");
        };
        try (coordinator;
                AsyncEventCoordinator watching = AsyncEventCoordinator.builder()
                        .ticker(ticker)
                        .slowAfter(Duration.ofSeconds(30))
                        .observer(new CoordinatorObserver() {
                            @Override
                            public void onSlow(SlowDelivery delivery) {
                                reported.add(delivery);
                            }
                        })
                        .build()) {
            coordinator.subscribeToEvent(
                    "e", holdsTheThread, ListenerOptions.named("unwatched").inline());
            watching.subscribeToEvent(
                    "e", holdsTheThread, ListenerOptions.named("watched").inline());

            coordinator.publishEvent("e");
            watching.publishEvent("e", "until reported");
        }
        assertThat(slow).isEmpty();
        assertThat(reported).extracting(SlowDelivery::listener).containsExactly("watched");
        assertThat(reported.get(0).stack()).isNotEmpty();
    }

    @Test
    @DisplayName("P6: a listener that holds the publisher's thread is reported once, not once for each delivery")
    void P6_an_inline_listener_is_reported_once() {
        ManualExecutor background = new ManualExecutor();
        List<SlowDelivery> reported = new CopyOnWriteArrayList<>();
        try (AsyncEventCoordinator watching = AsyncEventCoordinator.builder()
                .ticker(ticker)
                .background(background)
                .slowAfter(Duration.ofMillis(10))
                .observer(new CoordinatorObserver() {
                    @Override
                    public void onSlow(SlowDelivery delivery) {
                        reported.add(delivery);
                    }
                })
                .build()) {
            for (String name : List.of("a", "b")) {
                watching.subscribeToEvent(
                        "e",
                        a -> holdsTheThread(background),
                        ListenerOptions.named(name).inline());
            }
            for (int i = 0; i < 3; i++) {
                watching.publishEvent("e");
            }
        }
        assertThat(reported).extracting(SlowDelivery::listener).containsExactly("a", "b");
        assertThat(reported)
                .allSatisfy(delivery -> assertThat(delivery.stack())
                        .anyMatch(frame -> frame.getMethodName().equals("holdsTheThread")));
    }

    private CompletableFuture<String> holdsTheThread(ManualExecutor background) {
        ticker.advance(Duration.ofMillis(10));
        background.runAll();
        return completedFuture("done");
    }

    @Test
    @DisplayName("P6: what the publisher cancelled in time is Cancelled, not TimedOut")
    void P6_cancel_before_the_deadline() {
        try (coordinator) {
            coordinator.subscribeToEvent(
                    "e",
                    a -> new CompletableFuture<>(),
                    ListenerOptions.defaults().inline().timeout(LIMIT));
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            assertThat(publication.cancel()).isTrue();
            ticker.advance(LIMIT);

            assertThat(settled(publication).results()).hasOnlyElementsOfType(Cancelled.class);
        }
    }
}
