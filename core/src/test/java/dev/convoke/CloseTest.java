package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeliveryResult.Cancelled;
import dev.convoke.event.DrainReport;
import dev.convoke.event.EventArguments;
import dev.convoke.event.Outcome;
import dev.convoke.event.PublicationRefusedException;
import dev.convoke.event.Refusal;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.testing.Listeners;
import dev.convoke.testing.Mode;
import dev.convoke.testing.Waiting;
import dev.convoke.testkit.ManualExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CloseTest {
    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();

    @Test
    @DisplayName("P10: a closed coordinator refuses publications with CLOSED, and subscriptions with an exception")
    void P10_a_closed_coordinator_refuses() {
        AtomicInteger runs = new AtomicInteger();
        coordinator.subscribeToEvent(
                "e",
                a -> completedFuture(runs.incrementAndGet()),
                ListenerOptions.named("l").inline());
        coordinator.close();

        Publication<EventArguments> publication = coordinator.publishEvent("e");

        Outcome outcome = publication.outcome().join();
        assertThat(outcome.refusal()).contains(Refusal.CLOSED);
        assertThat(outcome.results()).isEmpty();
        assertThat(outcome.succeeded()).isFalse();
        for (CompletableFuture<?> future : List.of(publication.gather(), publication.first(), publication.accepted())) {
            assertThatThrownBy(future::join)
                    .hasCauseInstanceOf(PublicationRefusedException.class)
                    .hasMessageContaining("event e was refused: the coordinator is closed");
        }
        assertThatThrownBy(outcome::orThrow).isInstanceOf(PublicationRefusedException.class);
        assertThat(runs).hasValue(0);
        assertThatThrownBy(() -> coordinator.subscribeToEvent("e", a -> completedFuture(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P10: what is running ends by itself in time, and is reported as handled")
    void P10_running_deliveries_end_in_time(Mode mode) {
        CompletableFuture<String> stage = new CompletableFuture<>();
        CountDownLatch called = new CountDownLatch(1);
        coordinator.subscribeToEvent("e", a -> Listeners.called(called, stage), mode.named("l"));
        Publication<EventArguments> publication = coordinator.publishEvent("e");
        Waiting.on(called);
        CompletableFuture<DrainReport> closing = CompletableFuture.supplyAsync(() -> coordinator.close(Waiting.LONG));
        Waiting.until(() ->
                coordinator.publishEvent("probe").outcome().join().refusal().isPresent());
        assertThat(closing).isNotDone();

        stage.complete("done");

        assertThat(closing.orTimeout(20, SECONDS).join()).isEqualTo(new DrainReport(1, 0, List.of()));
        assertThat(publication.outcome().orTimeout(20, SECONDS).join().succeeded())
                .isTrue();
    }

    @Test
    @DisplayName("P10: what waits for an executor is run before the coordinator is closed")
    void P10_what_is_queued_is_still_run() {
        ManualExecutor executor = new ManualExecutor();
        coordinator.subscribeToEvent(
                "e", a -> completedFuture("ran"), ListenerOptions.defaults().executor(executor));
        Publication<EventArguments> publication = coordinator.publishEvent("e");
        CompletableFuture<DrainReport> closing = CompletableFuture.supplyAsync(() -> coordinator.close(Waiting.LONG));
        Waiting.until(() ->
                coordinator.publishEvent("probe").outcome().join().refusal().isPresent());

        executor.runAll();

        assertThat(closing.orTimeout(20, SECONDS).join().handled()).isEqualTo(1);
        assertThat(publication.gather().orTimeout(20, SECONDS).join()).containsExactly("ran");
    }

    @Test
    @DisplayName(
            "P10: at the time-out what is left is cancelled; what does not end is abandoned, with listener and stack")
    void P10_what_does_not_end_is_abandoned() {
        CountDownLatch called = new CountDownLatch(2);
        AtomicBoolean release = new AtomicBoolean();
        coordinator.subscribeToEvent("e", Listeners.stubborn(called, release), ListenerOptions.named("stubborn"));
        coordinator.subscribeToEvent(
                "e", Listeners.interruptible(called, new CountDownLatch(1)), ListenerOptions.named("interruptible"));
        coordinator.subscribeToEvent("e", a -> new CompletableFuture<>(), ListenerOptions.named("pending"));
        Publication<EventArguments> publication = coordinator.publishEvent("e");
        Waiting.on(called);

        DrainReport report = coordinator.close(Duration.ofMillis(20));

        assertThat(report.handled()).isZero();
        assertThat(report.cancelled()).isEqualTo(3);
        assertThat(report.abandoned()).singleElement().satisfies(abandoned -> {
            assertThat(abandoned.listener()).isEqualTo("stubborn");
            assertThat(abandoned.event()).isEqualTo("e");
            assertThat(abandoned.eventId()).isEqualTo(publication.event().id());
            assertThat(abandoned.stack()).anyMatch(f -> f.getClassName().contains("Listeners"));
        });
        assertThat(publication.outcome().orTimeout(20, SECONDS).join().results())
                .hasOnlyElementsOfType(Cancelled.class);
        release.set(true);
    }

    @Test
    @DisplayName("P10: closing twice gives the same report, and a second closer waits for the first")
    void P10_closing_twice_is_harmless() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        coordinator.subscribeToEvent("e", a -> stage, ListenerOptions.defaults().inline());
        coordinator.publishEvent("e");
        CompletableFuture<DrainReport> one = CompletableFuture.supplyAsync(() -> coordinator.close(Waiting.LONG));
        CompletableFuture<DrainReport> two = CompletableFuture.supplyAsync(() -> coordinator.close(Waiting.LONG));
        stage.complete("done");

        assertThat(one.orTimeout(20, SECONDS).join())
                .isSameAs(two.orTimeout(20, SECONDS).join());
        assertThat(coordinator.close(Duration.ZERO)).isSameAs(one.join());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P10: closing from inside a listener works, and waits neither for it nor for those around it")
    void P10_closing_from_inside_a_listener_works(Mode mode) {
        AtomicReference<DrainReport> report = new AtomicReference<>();
        coordinator.subscribeToEvent(
                "outer", a -> coordinator.publishEvent("inner").gather(), mode.named("outer"));
        coordinator.subscribeToEvent(
                "inner",
                a -> {
                    report.set(coordinator.close(Waiting.LONG));
                    return completedFuture("inner");
                },
                mode.named("inner"));

        Outcome outcome = coordinator
                .publishEvent("outer")
                .outcome()
                .orTimeout(10, SECONDS)
                .join();

        assertThat(outcome.succeeded()).isTrue();
        assertThat(report.get().cancelled()).isZero();
        assertThat(report.get().abandoned()).isEmpty();
    }

    @Test
    @DisplayName("P10: a callback of what the closing cancels may close, and is not waited for")
    void P10_a_callback_of_the_closing_may_close() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        coordinator.subscribeToEvent("e", a -> stage, ListenerOptions.defaults().inline());
        List<DrainReport> inner = new CopyOnWriteArrayList<>();
        stage.whenComplete((value, cancelled) -> inner.add(coordinator.close(Waiting.LONG)));
        coordinator.publishEvent("e").outcome().thenRun(() -> inner.add(coordinator.close(Waiting.LONG)));

        CompletableFuture<DrainReport> closing = CompletableFuture.supplyAsync(() -> coordinator.close(Duration.ZERO));

        assertThat(closing.orTimeout(10, SECONDS).join().cancelled()).isEqualTo(1);
        Waiting.until(() -> inner.size() == 2);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P10: a delivery that closes the coordinator runs on, and those around it do")
    void P10_what_closes_is_not_cancelled(Mode mode) {
        CompletableFuture<String> outerStage = new CompletableFuture<>();
        CompletableFuture<String> innerStage = new CompletableFuture<>();
        coordinator.subscribeToEvent(
                "outer",
                a -> {
                    coordinator.publishEvent("inner").outcome();
                    return outerStage;
                },
                mode.named("outer"));
        CountDownLatch closed = new CountDownLatch(1);
        coordinator.subscribeToEvent(
                "inner",
                a -> {
                    coordinator.close(Waiting.LONG);
                    closed.countDown();
                    return innerStage;
                },
                mode.named("inner"));
        Publication<EventArguments> outer = coordinator.publishEvent("outer");
        Waiting.on(closed);

        assertThat(outer.outcome()).isNotDone();
        outerStage.complete("outer");
        innerStage.complete("inner");
        assertThat(outer.gather().orTimeout(20, SECONDS).join()).containsExactly("outer");
    }

    @Test
    @DisplayName("P10: a publisher that waits for room when the coordinator closes is refused")
    void P10_a_waiting_publisher_is_refused() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        AsyncEventCoordinator narrow =
                AsyncEventCoordinator.builder().maxInFlight(1).build();
        narrow.subscribeToEvent("e", AsyncListener.blocking(a -> Waiting.on(release)));
        narrow.publishEvent("e");
        AtomicReference<Publication<EventArguments>> second = new AtomicReference<>();
        Thread publisher = new Thread(() -> second.set(narrow.publishEvent("e")), "publisher");
        publisher.start();
        Waiting.until(() -> publisher.getState() == Thread.State.WAITING);

        CompletableFuture<DrainReport> closing = CompletableFuture.supplyAsync(() -> narrow.close(Waiting.LONG));
        publisher.join(Waiting.LONG.toMillis());

        assertThat(second.get().outcome().join().refusal()).contains(Refusal.CLOSED);
        release.countDown();
        assertThat(closing.orTimeout(20, SECONDS).join().handled()).isEqualTo(1);
    }

    @Test
    @DisplayName("P10: every publication that races with close is either delivered or refused, never lost")
    void P10_close_against_publish() {
        for (int round = 0; round < 200; round++) {
            AtomicInteger runs = new AtomicInteger();
            AsyncEventCoordinator racing = new AsyncEventCoordinator();
            racing.subscribeToEvent("e", a -> completedFuture(runs.incrementAndGet()));
            List<Outcome> outcomes = new CopyOnWriteArrayList<>();
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Void> publisher = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 40; i++) {
                    begun.countDown();
                    outcomes.add(racing.publishEvent("e")
                            .outcome()
                            .orTimeout(20, SECONDS)
                            .join());
                }
            });
            Waiting.on(begun);
            racing.close();
            publisher.orTimeout(20, SECONDS).join();

            assertThat(outcomes)
                    .hasSize(40)
                    .allMatch(o -> o.succeeded() || o.refusal().isPresent());
            assertThat(runs.get()).isEqualTo((int)
                    outcomes.stream().filter(Outcome::succeeded).count());
        }
    }

    private static Set<String> threads(Set<String> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("convoke-") && !before.contains(name))
                .collect(Collectors.toSet());
    }

    @Test
    @DisplayName("P10: no thread is left when it is closed, and those that there were are daemons")
    void P10_no_thread_is_left() {
        Set<String> before = threads(Set.of());
        try (AsyncEventCoordinator busy = AsyncEventCoordinator.builder()
                .unobservedAfter(Duration.ofMillis(1))
                .onUnobservedFailure(failure -> {})
                .build()) {
            busy.subscribeToEvent("e", AsyncListener.blocking(a -> {
                throw new IllegalStateException("planted");
            }));
            busy.subscribeToEvent(
                    "e",
                    a -> new CompletableFuture<>(),
                    ListenerOptions.defaults().timeout(Duration.ofMillis(1)));
            for (int i = 0; i < 100; i++) {
                busy.publishEvent("e").outcome().orTimeout(20, SECONDS).join();
            }
            assertThat(threads(before)).isNotEmpty();
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(t -> t.getName().startsWith("convoke-"))
                    .allMatch(Thread::isDaemon);
        }
        Waiting.until(() -> threads(before).isEmpty());
    }

    @Test
    @DisplayName("P10: a negative time-out is refused, and the coordinator stays open")
    void P10_a_negative_time_out_is_refused() {
        assertThatThrownBy(() -> coordinator.close(Duration.ofSeconds(-1)))
                .hasMessage("timeout must not be negative: PT-1S");
        assertThat(coordinator.publishEvent("e").outcome().join().refusal()).isEmpty();
        coordinator.close();
    }
}
