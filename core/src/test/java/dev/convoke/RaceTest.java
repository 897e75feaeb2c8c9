package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DrainReport;
import dev.convoke.event.Event;
import dev.convoke.event.EventArguments;
import dev.convoke.event.Outcome;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Overflow;
import dev.convoke.spi.CoordinatorObserver;
import dev.convoke.testing.Mode;
import dev.convoke.testing.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Completion, cancellation and time-out at the same moment: one of them wins, everywhere the same one. */
class RaceTest {
    private static final int ROUNDS = 3_000;

    private final AtomicInteger results = new AtomicInteger();
    private final AtomicInteger outcomes = new AtomicInteger();

    private AsyncEventCoordinator.Builder counting() {
        return AsyncEventCoordinator.builder().observer(new CoordinatorObserver() {
            @Override
            public void onResult(Event<?> event, DeliveryResult result) {
                results.incrementAndGet();
            }

            @Override
            public void onOutcome(Event<?> event, Outcome outcome) {
                outcomes.incrementAndGet();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P2: cancel against complete: one result each, told once, and every future says the same")
    void P2_cancel_against_complete(Mode mode) {
        try (AsyncEventCoordinator coordinator = counting().build()) {
            for (int i = 0; i < 3; i++) {
                int index = i;
                // The stages come with the event: a listener that is called late must not take those of the next round.
                coordinator.subscribeToEvent(
                        "e", mode.of(a -> a.get(index, CompletableFuture.class)), mode.named("l" + i));
            }
            for (int round = 0; round < ROUNDS; round++) {
                List<CompletableFuture<String>> stages =
                        List.of(new CompletableFuture<>(), new CompletableFuture<>(), new CompletableFuture<>());
                Publication<EventArguments> publication = coordinator.publishEvent("e", stages.toArray());
                CompletableFuture<List<Object>> gathered = publication.gather();
                CompletableFuture<Outcome> before = publication.outcome();
                CompletableFuture<Void> completing =
                        CompletableFuture.runAsync(() -> stages.forEach(s -> s.complete("v")));
                boolean cancelled = publication.cancel();
                completing.join();

                Outcome outcome = before.orTimeout(20, SECONDS).join();
                assertThat(outcome.results()).hasSize(3);
                assertThat(publication.outcome().join()).isSameAs(outcome);
                assertThat(outcome.succeeded()).isEqualTo(!cancelled);
                assertThat(gathered.handle((values, e) -> e == null)
                                .orTimeout(20, SECONDS)
                                .join())
                        .isEqualTo(outcome.succeeded());
            }
        }
        assertThat(results).hasValue(3 * ROUNDS);
        assertThat(outcomes).hasValue(ROUNDS);
    }

    @Test
    @DisplayName("P6: time-out against complete: one result each, and every permit comes back")
    void P6_time_out_against_complete() {
        try (AsyncEventCoordinator coordinator =
                counting().maxInFlight(1).overflow(Overflow.WAIT).build()) {
            coordinator.subscribeToEvent(
                    "e",
                    a -> CompletableFuture.supplyAsync(
                            () -> "v", CompletableFuture.delayedExecutor(a.get(0, Integer.class), MICROSECONDS)),
                    ListenerOptions.defaults().timeout(Duration.ofNanos(800_000)));
            SplittableRandom random = new SplittableRandom(42);
            int timedOut = 0;
            for (int round = 0; round < ROUNDS; round++) {
                Outcome outcome = coordinator
                        .publishEvent("e", 400 + random.nextInt(800))
                        .outcome()
                        .orTimeout(20, SECONDS)
                        .join();
                timedOut += outcome.failures().size();
                assertThat(outcome.results()).hasSize(1);
            }
            assertThat(timedOut).isPositive();
        }
        assertThat(results).hasValue(ROUNDS);
        assertThat(outcomes).hasValue(ROUNDS);
    }

    @Test
    @DisplayName("P1, P8: a hundred thousand deliveries that fail, time out, are cancelled: nothing stays behind")
    void P1_nothing_stays_behind() throws Exception {
        AsyncEventCoordinator coordinator = counting()
                .maxInFlight(64)
                .onUnobservedFailure(failure -> {})
                .unobservedAfter(Duration.ofMillis(1))
                .build();
        IllegalStateException planted = new IllegalStateException("planted");
        coordinator.subscribeToEvent("e", a -> failedFuture(planted), ListenerOptions.named("fails"));
        coordinator.subscribeToEvent(
                "e",
                a -> {
                    throw planted;
                },
                ListenerOptions.named("throws").inline());
        coordinator.subscribeToEvent(
                "e", a -> completedFuture(1), ListenerOptions.named("good").executor(ForkJoinPool.commonPool()));
        coordinator.subscribeToEvent(
                "e",
                a -> new CompletableFuture<>(),
                ListenerOptions.named("late").inline().timeout(Duration.ofMillis(1)));
        CountDownLatch never = new CountDownLatch(1);
        coordinator.subscribeToEvent(
                "e",
                AsyncListener.blocking(a -> never.await()),
                ListenerOptions.named("blocked").timeout(Duration.ofMillis(1)));
        int publications = 20_000;
        List<CompletableFuture<Outcome>> last = new ArrayList<>();
        for (int i = 0; i < publications; i++) {
            Publication<EventArguments> publication = coordinator.publishEvent("e", i);
            if (i % 3 == 0) {
                publication.cancel();
            }
            if (i > publications - 100) {
                last.add(publication.outcome());
            }
        }
        last.forEach(outcome ->
                assertThat(outcome.orTimeout(20, SECONDS).join().results()).hasSize(5));
        Waiting.until(() -> outcomes.get() == publications);

        DrainReport report = coordinator.close(Waiting.LONG);
        assertThat(report.cancelled()).isZero();
        assertThat(report.abandoned()).isEmpty();
        assertThat(results).hasValue(5 * publications);
    }
}
