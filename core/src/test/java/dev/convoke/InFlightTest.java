package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.DeliveryResult.Rejected;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.EventArguments;
import dev.convoke.event.Outcome;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Overflow;
import dev.convoke.testing.Waiting;
import dev.convoke.testkit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private final Semaphore gate = new Semaphore(0);

    private void subscribeGated(AsyncEventCoordinator coordinator) {
        coordinator.subscribeToEvent(
                "gated", AsyncListener.blocking(a -> gate.acquire()), ListenerOptions.named("gated"));
    }

    /** A thread that publishes, and is seen to wait for room. */
    private static Thread publishing(Runnable publish) {
        Thread publisher = new Thread(publish, "publisher");
        publisher.start();
        Waiting.until(() -> publisher.getState() == Thread.State.WAITING);
        return publisher;
    }

    @Test
    @DisplayName("P8: when the bound is reached a publisher waits for room, and then goes on")
    void P8_a_publisher_waits_for_room() throws InterruptedException {
        try (AsyncEventCoordinator coordinator =
                AsyncEventCoordinator.builder().maxInFlight(2).build()) {
            subscribeGated(coordinator);
            coordinator.publishEvent("gated");
            coordinator.publishEvent("gated");
            AtomicReference<Publication<EventArguments>> third = new AtomicReference<>();
            Thread publisher = publishing(() -> third.set(coordinator.publishEvent("gated")));
            assertThat(third).hasValue(null);

            gate.release();
            publisher.join(Waiting.LONG.toMillis());

            gate.release(2);
            assertThat(third.get().outcome().orTimeout(20, SECONDS).join().succeeded())
                    .isTrue();
        }
    }

    @Test
    @DisplayName(
            "P8: after 30 seconds, or at its deadline, a publisher gets Rejected(OVERLOADED); inline listeners run")
    void P8_waiting_ends_with_a_rejection() throws InterruptedException {
        ManualTicker ticker = new ManualTicker();
        try (AsyncEventCoordinator coordinator =
                AsyncEventCoordinator.builder().ticker(ticker).maxInFlight(1).build()) {
            subscribeGated(coordinator);
            coordinator.subscribeToEvent(
                    "gated",
                    a -> completedFuture("inline"),
                    ListenerOptions.defaults().inline());
            coordinator.publishEvent("gated");
            AtomicReference<Publication<EventArguments>> second = new AtomicReference<>();
            Thread publisher = publishing(() -> second.set(coordinator.publishEvent("gated")));
            AtomicReference<Publication<EventArguments>> hurried = new AtomicReference<>();
            Thread hurrying = publishing(() -> hurried.set(coordinator.publishEvent(
                    "gated", EventArguments.of(), PublishOptions.defaults().deadline(Duration.ofSeconds(3)))));

            ticker.advance(Duration.ofSeconds(3));
            hurrying.join(Waiting.LONG.toMillis());
            assertThat(hurried.get()
                            .outcome()
                            .orTimeout(20, SECONDS)
                            .join()
                            .results()
                            .get(0))
                    .isInstanceOf(Rejected.class);
            assertThat(second).hasValue(null);
            ticker.advance(Duration.ofSeconds(27));
            publisher.join(Waiting.LONG.toMillis());

            Outcome outcome = second.get().outcome().orTimeout(20, SECONDS).join();
            assertThat(outcome.results()).hasExactlyElementsOfTypes(Rejected.class, Succeeded.class);
            assertThat(((Rejected) outcome.results().get(0)).reason()).isEqualTo(Reason.OVERLOADED);
            assertThat(outcome.succeeded()).isFalse();
            gate.release();
        }
    }

    @Test
    @DisplayName("P8: with REJECT nobody waits")
    void P8_reject_does_not_wait() {
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .maxInFlight(1)
                .overflow(Overflow.REJECT)
                .build()) {
            subscribeGated(coordinator);
            Publication<EventArguments> first = coordinator.publishEvent("gated");
            Outcome rejected = coordinator
                    .publishEvent("gated")
                    .outcome()
                    .orTimeout(20, SECONDS)
                    .join();
            assertThat(((Rejected) rejected.results().get(0)).reason()).isEqualTo(Reason.OVERLOADED);

            gate.release();
            assertThat(first.outcome().orTimeout(20, SECONDS).join().succeeded())
                    .isTrue();
        }
    }

    @Test
    @DisplayName("P3, P8: a listener that fails, or whose stage fails, gives its permit back")
    void P8_a_failure_gives_its_permit_back() {
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .maxInFlight(1)
                .overflow(Overflow.REJECT)
                .build()) {
            IllegalStateException planted = new IllegalStateException("planted");
            coordinator.subscribeToEvent("throws", a -> {
                throw planted;
            });
            coordinator.subscribeToEvent("fails", a -> failedFuture(planted));
            for (String event : List.of("throws", "throws", "fails", "fails", "throws")) {
                Outcome outcome = coordinator
                        .publishEvent(event)
                        .outcome()
                        .orTimeout(20, SECONDS)
                        .join();
                assertThat(outcome.results()).hasExactlyElementsOfTypes(Failed.class);
            }
        }
    }

    @Test
    @DisplayName("P8: an interrupt ends the wait, with a rejection, and stays set")
    void P8_an_interrupt_ends_the_wait() {
        try (AsyncEventCoordinator coordinator =
                AsyncEventCoordinator.builder().maxInFlight(1).build()) {
            subscribeGated(coordinator);
            coordinator.publishEvent("gated");
            Thread.currentThread().interrupt();

            Publication<EventArguments> second = coordinator.publishEvent("gated");

            assertThat(Thread.interrupted()).isTrue();
            assertThat(second.outcome().join().results()).hasOnlyElementsOfType(Rejected.class);
            gate.release();
        }
    }

    @Test
    @DisplayName(
            "P8: one publication may overrun the bound by its own size, and inline ones that complete do not count")
    void P8_one_publication_may_overrun_the_bound() {
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .maxInFlight(1)
                .overflow(Overflow.REJECT)
                .build()) {
            coordinator.subscribeToEvent(
                    "inline",
                    a -> completedFuture(1),
                    ListenerOptions.defaults().inline());
            for (int i = 0; i < 5; i++) {
                subscribeGated(coordinator);
            }
            Publication<EventArguments> five = coordinator.publishEvent("gated");
            assertThat(coordinator.publishEvent("inline").outcome().join().succeeded())
                    .isTrue();
            gate.release(5);
            assertThat(five.outcome().orTimeout(20, SECONDS).join().succeeded()).isTrue();
        }
    }

    @Test
    @DisplayName("P8: an inline delivery that is pending counts until it ends")
    void P8_a_pending_inline_delivery_counts() {
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .maxInFlight(1)
                .overflow(Overflow.REJECT)
                .build()) {
            CompletableFuture<String> pending = new CompletableFuture<>();
            coordinator.subscribeToEvent(
                    "pending", a -> pending, ListenerOptions.defaults().inline());
            coordinator.subscribeToEvent("other", a -> completedFuture(1));
            coordinator.publishEvent("pending");

            assertThat(coordinator.publishEvent("other").outcome().join().failures())
                    .hasSize(1);
            pending.complete("done");
            assertThat(coordinator
                            .publishEvent("other")
                            .outcome()
                            .orTimeout(20, SECONDS)
                            .join()
                            .succeeded())
                    .isTrue();
        }
    }

    @Test
    @DisplayName("P8: never more in flight than the bound, and every permit comes back, with many publishers at once")
    void P8_the_bound_holds_under_contention() {
        int bound = 4;
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (AsyncEventCoordinator coordinator =
                AsyncEventCoordinator.builder().maxInFlight(bound).build()) {
            coordinator.subscribeToEvent("e", AsyncListener.blocking(a -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                running.decrementAndGet();
                if (a.get(0, Integer.class) % 3 == 0) {
                    throw new IllegalStateException("planted");
                }
            }));
            List<CompletableFuture<Integer>> publishers = new ArrayList<>();
            CountDownLatch start = new CountDownLatch(1);
            for (int p = 0; p < 8; p++) {
                publishers.add(CompletableFuture.supplyAsync(
                        () -> {
                            Waiting.on(start);
                            int settled = 0;
                            for (int i = 0; i < 500; i++) {
                                Publication<EventArguments> publication = coordinator.publishEvent("e", i);
                                settled += publication
                                        .outcome()
                                        .orTimeout(20, SECONDS)
                                        .join()
                                        .results()
                                        .size();
                            }
                            return settled;
                        },
                        task -> new Thread(task, "publisher").start()));
            }
            start.countDown();
            assertThat(publishers)
                    .allSatisfy(p -> assertThat(p.orTimeout(30, SECONDS).join()).isEqualTo(500));
        }
        assertThat(most.get()).isBetween(1, bound);
    }
}
