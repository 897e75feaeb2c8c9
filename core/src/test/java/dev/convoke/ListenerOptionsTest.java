package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Cancelled;
import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.DeliveryResult.Skipped;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.EventArguments;
import dev.convoke.event.Outcome;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Overflow;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.listener.Subscription;
import dev.convoke.testing.Mode;
import dev.convoke.testkit.ManualExecutor;
import dev.convoke.testkit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code once}, {@code onlyIf}, pausing, and what options refuse. */
class ListenerOptionsTest {
    private final IllegalStateException planted = new IllegalStateException("planted");

    private final ManualTicker ticker = new ManualTicker();
    private final ManualExecutor executor = new ManualExecutor();
    private final AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
            .ticker(ticker)
            .executor(executor)
            .background(executor)
            .onUnobservedFailure(failure -> {})
            .drainTimeout(Duration.ZERO)
            .build();
    private final AtomicInteger calls = new AtomicInteger();

    private CompletableFuture<Object> call(Object value) {
        calls.incrementAndGet();
        return completedFuture(value);
    }

    private DeliveryResult only(Publication<?> publication) {
        executor.runAll();
        assertThat(publication.outcome()).isDone();
        return publication.outcome().join().results().get(0);
    }

    private static void assertSkipped(DeliveryResult result, Reason reason) {
        assertThat(result).isInstanceOfSatisfying(Skipped.class, r -> {
            assertThat(r.reason()).isEqualTo(reason);
            assertThat(r.attempts()).isZero();
            assertThat(r.took()).isZero();
        });
    }

    // ---- once ----

    @ParameterizedTest
    @EnumSource
    @DisplayName("P15: once runs exactly once though publications race; the others are skipped, and it is gone after")
    void P15_once_runs_once(Mode mode) throws Exception {
        for (int round = 0; round < 300; round++) {
            try (AsyncEventCoordinator real = new AsyncEventCoordinator()) {
                AtomicInteger ran = new AtomicInteger();
                real.subscribeToEvent(
                        "e",
                        mode.of(a -> completedFuture(ran.incrementAndGet())),
                        mode.named("l").once());
                CyclicBarrier start = new CyclicBarrier(2);
                CompletableFuture<Outcome> other = CompletableFuture.supplyAsync(() -> {
                    await(start);
                    return real.publishEvent("e")
                            .outcome()
                            .orTimeout(20, SECONDS)
                            .join();
                });
                await(start);
                Outcome mine =
                        real.publishEvent("e").outcome().orTimeout(20, SECONDS).join();
                List<DeliveryResult> results = new ArrayList<>(mine.results());
                results.addAll(other.join().results());
                assertThat(ran).hasValue(1);
                assertThat(results).filteredOn(Succeeded.class::isInstance).hasSize(1);
                assertThat(results)
                        .filteredOn(r -> !(r instanceof Succeeded))
                        .allSatisfy(r -> assertSkipped(r, Reason.UNSUBSCRIBED));
                assertThat(real.listeners()).isEmpty();
            }
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(20, SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("P15: one that is cancelled, rejected, filtered or paused before it starts does not use once up")
    void P15_what_does_not_start_does_not_use_it_up() {
        try (coordinator) {
            Subscription subscription = coordinator.subscribeToEvent(
                    "e",
                    a -> call(a.get(0, String.class)),
                    ListenerOptions.named("l")
                            .once()
                            .concurrency(1)
                            .queue(0, Overflow.REJECT)
                            .onlyIf(event -> !((EventArguments) event.payload())
                                    .positional()
                                    .contains("unwanted")));
            Publication<EventArguments> cancelled = coordinator.publishEvent("e", "cancelled");
            Publication<EventArguments> rejected = coordinator.publishEvent("e", "rejected");
            assertThat(cancelled.cancel()).isTrue();
            assertThat(only(cancelled)).isInstanceOf(Cancelled.class);
            assertThat(only(rejected)).isInstanceOf(DeliveryResult.Rejected.class);
            assertSkipped(only(coordinator.publishEvent("e", "unwanted")), Reason.FILTERED);
            subscription.pause();
            assertSkipped(only(coordinator.publishEvent("e", "paused")), Reason.PAUSED);
            subscription.resume();
            assertThat(coordinator.listeners("e")).hasSize(1);

            assertThat(only(coordinator.publishEvent("e", "the one"))).isInstanceOf(Succeeded.class);
            assertThat(calls).hasValue(1);
            assertThat(coordinator.listeners()).isEmpty();
            assertThat(coordinator.publishEvent("e").outcome().join().results()).isEmpty();
        }
    }

    @Test
    @DisplayName("P9, P15: a listener that runs once is retried for the event that it has claimed")
    void P15_once_is_retried() {
        try (coordinator) {
            coordinator.subscribeToEvent(
                    "e",
                    a -> calls.incrementAndGet() < 3 ? failedFuture(planted) : completedFuture("third"),
                    ListenerOptions.named("l")
                            .once()
                            .retry(RetryPolicy.exponential(3).jitter(0)));
            Publication<EventArguments> first = coordinator.publishEvent("e");
            Publication<EventArguments> second = coordinator.publishEvent("e");
            assertSkipped(only(second), Reason.UNSUBSCRIBED);
            ticker.advance(Duration.ofMillis(100));
            executor.runAll();
            ticker.advance(Duration.ofMillis(200));
            assertThat(only(first))
                    .isInstanceOfSatisfying(
                            Succeeded.class, r -> assertThat(r.attempts()).isEqualTo(3));
        }
    }

    // ---- onlyIf ----

    @Test
    @DisplayName("onlyIf skips what the listener does not want, without starting it, on the publisher's thread")
    void onlyIf_skips() {
        try (coordinator) {
            List<Thread> threads = new CopyOnWriteArrayList<>();
            coordinator.subscribeToEvent(
                    "e",
                    a -> call("inline"),
                    ListenerOptions.named("inline").inline().onlyIf(event -> {
                        threads.add(Thread.currentThread());
                        return event.attributes().containsKey("wanted");
                    }));
            coordinator.subscribeToEvent("e", a -> call("all"), ListenerOptions.named("all"));
            Publication<EventArguments> unwanted = coordinator.publishEvent("e");
            Publication<EventArguments> wanted = coordinator.publishEvent(
                    "e", EventArguments.of(), PublishOptions.defaults().attribute("wanted", "yes"));
            assertSkipped(only(unwanted), Reason.FILTERED);
            assertThat(only(wanted)).isInstanceOf(Succeeded.class);
            assertThat(unwanted.outcome().join().succeeded()).isTrue();
            assertThat(threads).hasSize(2).containsOnly(Thread.currentThread());
            assertThat(calls).hasValue(3);
        }
    }

    @Test
    @DisplayName("P3: an onlyIf that throws fails its own delivery, and hides no other")
    void P3_an_onlyIf_that_throws_fails_its_delivery() {
        try (coordinator) {
            coordinator.subscribeToEvent(
                    "e", a -> call(1), ListenerOptions.named("l").onlyIf(event -> {
                        throw planted;
                    }));
            coordinator.subscribeToEvent("e", a -> call(2));
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            assertThat(only(publication))
                    .isInstanceOfSatisfying(
                            Failed.class, r -> assertThat(r.cause()).isSameAs(planted));
            assertThat(publication.outcome().join().results()).last().isInstanceOf(Succeeded.class);
        }
    }

    @Test
    @DisplayName("P9: an onlyIf that throws is no attempt: the listener was not tried, and there is no dead letter")
    void P9_an_onlyIf_that_throws_is_no_attempt() {
        try (coordinator) {
            coordinator.subscribeToEvent(
                    "e",
                    a -> call(1),
                    ListenerOptions.named("l").retry(RetryPolicy.exponential(2)).onlyIf(event -> {
                        throw planted;
                    }));
            assertThat(only(coordinator.publishEvent("e")))
                    .isInstanceOfSatisfying(
                            Failed.class, r -> assertThat(r.attempts()).isZero());
            assertThat(coordinator.deadLetters().list()).isEmpty();
        }
    }

    // ---- pause ----

    @Test
    @DisplayName("a paused listener skips, inline or not; pausing and resuming twice, or when closed, is harmless")
    void pausing_skips() {
        try (coordinator) {
            Subscription inline = coordinator.subscribeToEvent(
                    "e", a -> call(1), ListenerOptions.named("inline").inline());
            Subscription other = coordinator.subscribeToEvent("e", a -> call(2));
            List<Subscription> both = List.of(inline, other);
            Publication<EventArguments> before = coordinator.publishEvent("e");
            both.forEach(Subscription::pause);
            both.forEach(Subscription::pause);
            executor.runAll();
            assertThat(before.outcome().join().results()).last().satisfies(r -> assertSkipped(r, Reason.PAUSED));
            assertThat(calls).hasValue(1);
            assertThat(coordinator.publishEvent("e").outcome().join().results())
                    .hasSize(2)
                    .allSatisfy(r -> assertSkipped(r, Reason.PAUSED));
            assertThat(coordinator.listeners("e"))
                    .extracting(ListenerInfo::paused)
                    .containsExactly(true, true);

            both.forEach(Subscription::resume);
            both.forEach(Subscription::resume);
            coordinator.publishEvent("e");
            executor.runAll();
            assertThat(calls).hasValue(3);

            inline.close();
            inline.pause();
            inline.resume();
            assertThat(coordinator.publishEvent("e").outcome()).isNotDone();
            assertThat(coordinator.listeners("e")).hasSize(1);
        }
    }

    @Test
    @DisplayName(
            "P9: a delivery that waits for another attempt when its listener is paused fails, and is a dead letter")
    void P9_pausing_ends_waiting_for_another_attempt() {
        try (coordinator) {
            Subscription subscription = coordinator.subscribeToEvent(
                    "e", a -> failedFuture(planted), ListenerOptions.named("l").retry(RetryPolicy.exponential(3)));
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            executor.runAll();
            subscription.pause();
            assertThat(only(publication))
                    .isInstanceOfSatisfying(
                            Failed.class, r -> assertThat(r.cause()).isSameAs(planted));
            assertThat(coordinator.deadLetters().list()).hasSize(1);
        }
    }

    // ---- what is refused ----

    @Test
    @DisplayName("options refuse what makes no sense, and say what that was")
    void options_refuse_nonsense() {
        ListenerOptions options = ListenerOptions.defaults();
        assertThatThrownBy(() -> options.concurrency(0)).hasMessage("concurrency must be positive: 0");
        assertThatThrownBy(() -> options.queue(-1, Overflow.WAIT))
                .hasMessage("queue capacity must not be negative: -1");
        assertThatThrownBy(() -> options.queue(1, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> options.retry(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> options.onlyIf(null)).isInstanceOf(NullPointerException.class);
        try (coordinator) {
            assertThatThrownBy(() -> coordinator.subscribeToEvent(
                            "e",
                            a -> completedFuture(1),
                            ListenerOptions.named("l").durable()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("journal");
            assertThat(coordinator.listeners()).isEmpty();
        }
    }
}
