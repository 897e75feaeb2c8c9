package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Cancelled;
import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.DeliveryResult.Rejected;
import dev.convoke.event.DeliveryResult.Skipped;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.DeliveryResult.TimedOut;
import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.event.Outcome;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Overflow;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.listener.Subscription;
import dev.convoke.testing.Listeners;
import dev.convoke.testing.Mode;
import dev.convoke.testing.Waiting;
import dev.convoke.testkit.ManualExecutor;
import dev.convoke.testkit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A listener's concurrency, its queue and what happens when that is full, and order by key. */
class BoundsTest {
    private static final EventType<String> KEYED =
            EventType.of("keyed", String.class).keyedBy(payload -> payload.substring(0, 1));

    private final ManualTicker ticker = new ManualTicker();
    private final ManualExecutor background = new ManualExecutor();
    private final AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
            .ticker(ticker)
            .background(background)
            .executor(Runnable::run)
            .onUnobservedFailure(failure -> {})
            .drainTimeout(Duration.ZERO)
            .build();

    /** What was called and has not been completed, oldest first. */
    private final List<String> started = new ArrayList<>();

    private final Map<String, CompletableFuture<Object>> running = new ConcurrentHashMap<>();

    private CompletableFuture<Object> run(String payload) {
        started.add(payload);
        return running.computeIfAbsent(payload, p -> new CompletableFuture<>());
    }

    private void complete(String payload) {
        running.remove(payload).complete(payload);
    }

    private Publication<String> publish(String payload) {
        return coordinator.publishEvent(KEYED, payload);
    }

    private void subscribe(ListenerOptions options) {
        coordinator.subscribeToEvent(KEYED, this::run, options);
    }

    private static DeliveryResult only(Publication<?> publication) {
        assertThat(publication.outcome()).isDone();
        return publication.outcome().join().results().get(0);
    }

    private static Reason reason(Publication<?> publication) {
        DeliveryResult result = only(publication);
        return result instanceof Skipped skipped ? skipped.reason() : ((Rejected) result).reason();
    }

    // ---- order ----

    @ParameterizedTest
    @EnumSource
    @DisplayName("P7: for one key listeners start in publish order and never overlap, in every mode")
    void P7_order_by_key(Mode mode) {
        int keys = 7;
        int perKey = 300;
        Map<Integer, List<Integer>> seen = new ConcurrentHashMap<>();
        Map<Integer, AtomicInteger> inside = new ConcurrentHashMap<>();
        AtomicInteger overlaps = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        SplittableRandom random = new SplittableRandom(7);
        EventType<Integer> type = EventType.of("n", Integer.class).keyedBy(n -> n % keys);
        try (AsyncEventCoordinator real = new AsyncEventCoordinator()) {
            real.subscribeToEvent(
                    type,
                    n -> {
                        int key = n % keys;
                        AtomicInteger here = inside.computeIfAbsent(key, k -> new AtomicInteger());
                        if (here.incrementAndGet() > 1) {
                            overlaps.incrementAndGet();
                        }
                        seen.computeIfAbsent(key, k -> new CopyOnWriteArrayList<>())
                                .add(n);
                        if (calls.incrementAndGet() % 3 == 0) {
                            here.decrementAndGet();
                            return completedFuture(n);
                        }
                        return CompletableFuture.runAsync(Thread::yield).thenRun(here::decrementAndGet);
                    },
                    mode.named("l").ordered());
            List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
            List<List<Integer>> expected = new ArrayList<>();
            for (int k = 0; k < keys; k++) {
                expected.add(new ArrayList<>());
            }
            for (int i = 0; i < keys * perKey; i++) {
                int n = random.nextInt(1_000_000);
                expected.get(n % keys).add(n);
                outcomes.add(real.publishEvent(type, n).outcome());
            }
            outcomes.forEach(
                    outcome -> assertThat(outcome.orTimeout(20, SECONDS).join().succeeded())
                            .isTrue());
            assertThat(overlaps).hasValue(0);
            for (int k = 0; k < keys; k++) {
                assertThat(seen.get(k)).isEqualTo(expected.get(k));
            }
        }
    }

    @Test
    @DisplayName("P7: different keys run concurrently, and events without a key are ordered among themselves")
    void P7_keys_run_concurrently() {
        try (coordinator) {
            subscribe(ListenerOptions.named("l").ordered());
            publish("a1");
            publish("a2");
            publish("b1");
            assertThat(started).containsExactly("a1", "b1");
            complete("a1");
            assertThat(started).containsExactly("a1", "b1", "a2");

            coordinator.subscribeToEvent(
                    "plain",
                    a -> run(a.get(0, String.class)),
                    ListenerOptions.named("p").ordered());
            coordinator.publishEvent("plain", "x");
            coordinator.publishEvent("plain", "y");
            assertThat(started).endsWith("x").doesNotContain("y");
            complete("x");
            assertThat(started).endsWith("y");
        }
    }

    @Test
    @DisplayName(
            "P7, P9: a delivery that waits for another attempt keeps its key's others waiting, and those of no other")
    void P7_a_retry_keeps_its_place() {
        try (coordinator) {
            AtomicInteger calls = new AtomicInteger();
            coordinator.subscribeToEvent(
                    KEYED,
                    payload -> {
                        started.add(payload);
                        return calls.incrementAndGet() == 1
                                ? CompletableFuture.failedFuture(new IllegalStateException("planted"))
                                : completedFuture(payload);
                    },
                    ListenerOptions.named("l")
                            .ordered()
                            .retry(RetryPolicy.exponential(2).jitter(0)));
            publish("a1");
            publish("a2");
            publish("b1");
            assertThat(started).containsExactly("a1", "b1");
            ticker.advance(Duration.ofMillis(100));
            background.runAll();
            assertThat(started).containsExactly("a1", "b1", "a1", "a2");
        }
    }

    @Test
    @DisplayName("P6, P7: a timed-out delivery holds its key until its listener has really ended")
    void P7_a_timed_out_delivery_holds_its_key() {
        CountDownLatch called = new CountDownLatch(1);
        AtomicBoolean release = new AtomicBoolean();
        AsyncListener<Object> stubborn = Listeners.stubborn(called, release);
        List<String> order = new CopyOnWriteArrayList<>();
        try (AsyncEventCoordinator real = new AsyncEventCoordinator()) {
            real.subscribeToEvent(
                    KEYED,
                    AsyncListener.withContext((payload, context) -> {
                        order.add(payload);
                        CompletionStage<?> stage =
                                payload.equals("a1") ? stubborn.onEvent(payload, context) : completedFuture(1);
                        order.add("end of " + payload);
                        return stage;
                    }),
                    ListenerOptions.named("l").ordered().timeout(Duration.ofMillis(10)));
            Publication<String> first = real.publishEvent(KEYED, "a1");
            Waiting.on(called);
            Publication<String> second = real.publishEvent(KEYED, "a2");
            assertThat(first.outcome().orTimeout(20, SECONDS).join().results())
                    .singleElement()
                    .isInstanceOf(TimedOut.class);
            assertThat(order).containsExactly("a1");
            release.set(true);
            second.outcome().orTimeout(20, SECONDS).join();
            assertThat(order).startsWith("a1", "end of a1", "a2");
        } finally {
            release.set(true);
        }
    }

    @Test
    @DisplayName("P7: a cancelled delivery in the middle of its key's line gives up its place")
    void P7_a_cancelled_one_gives_up_its_place() {
        try (coordinator) {
            subscribe(ListenerOptions.named("l").ordered());
            publish("a1");
            Publication<String> second = publish("a2");
            publish("a3");
            assertThat(second.cancel()).isTrue();
            assertThat(only(second))
                    .isInstanceOfSatisfying(
                            Cancelled.class, r -> assertThat(r.attempts()).isZero());
            complete("a1");
            assertThat(started).containsExactly("a1", "a3");
        }
    }

    @Test
    @DisplayName("P7: an ordered listener with a limit keeps both: the order by key, and so many at a time")
    void P7_P8_order_and_limit() {
        try (coordinator) {
            subscribe(ListenerOptions.named("l").ordered().concurrency(2));
            List.of("a1", "a2", "b1", "c1", "a3", "c2").forEach(this::publish);
            assertThat(started).containsExactly("a1", "b1");
            complete("a1");
            assertThat(started).as("the oldest that may").containsExactly("a1", "b1", "a2");
            complete("b1");
            assertThat(started).endsWith("c1");
            complete("c1");
            assertThat(started).as("a2 has its key").endsWith("c2");
            complete("a2");
            assertThat(started).endsWith("a3");
        }
    }

    // ---- concurrency and queue ----

    @ParameterizedTest
    @EnumSource
    @DisplayName("P8: never more than the limit run at a time, and all run, in every mode")
    void P8_concurrency(Mode mode) {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (AsyncEventCoordinator real = new AsyncEventCoordinator()) {
            real.subscribeToEvent(
                    "e",
                    mode.of(a -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        return CompletableFuture.runAsync(Thread::yield).thenRun(inside::decrementAndGet);
                    }),
                    mode.named("l").concurrency(3));
            List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                outcomes.add(real.publishEvent("e", i).outcome());
            }
            outcomes.forEach(
                    outcome -> assertThat(outcome.orTimeout(20, SECONDS).join().succeeded())
                            .isTrue());
            assertThat(most.get()).isBetween(1, 3);
        }
    }

    @Test
    @DisplayName("P8: REJECT: what finds the queue full is Rejected, at once")
    void P8_reject() {
        try (coordinator) {
            subscribe(ListenerOptions.named("l").concurrency(1).queue(1, Overflow.REJECT));
            publish("a");
            Publication<String> queued = publish("b");
            Publication<String> refused = publish("c");
            assertThat(only(refused)).isInstanceOf(Rejected.class);
            assertThat(reason(refused)).isEqualTo(Reason.OVERLOADED);
            assertThat(refused.outcome().join().succeeded()).isFalse();
            complete("a");
            complete("b");
            assertThat(only(queued)).isInstanceOf(Succeeded.class);
            assertThat(started).containsExactly("a", "b");
        }
    }

    @Test
    @DisplayName("P8: DROP_OLDEST: the one that has waited longest is Skipped in favour of the new one; no failure")
    void P8_drop_oldest() {
        try (coordinator) {
            subscribe(ListenerOptions.named("l").concurrency(1).queue(2, Overflow.DROP_OLDEST));
            publish("a");
            Publication<String> oldest = publish("b");
            publish("c");
            publish("d");
            background.runAll();
            assertThat(reason(oldest)).isEqualTo(Reason.DROPPED);
            assertThat(oldest.outcome().join().succeeded()).isTrue();
            complete("a");
            complete("c");
            assertThat(started).containsExactly("a", "c", "d");
        }
    }

    @Test
    @DisplayName("P7, P8: DROP_OLDEST of an ordered listener drops the oldest of its key's line, and the line goes on")
    void P8_drop_oldest_of_a_line() {
        try (coordinator) {
            subscribe(ListenerOptions.named("l").ordered().concurrency(1).queue(1, Overflow.DROP_OLDEST));
            publish("b1");
            Publication<String> oldest = publish("a1");
            Publication<String> same = publish("a2");
            background.runAll();
            assertThat(reason(oldest)).isEqualTo(Reason.DROPPED);
            complete("b1");
            assertThat(started).containsExactly("b1", "a2");
            publish("a3");
            assertThat(started).doesNotContain("a3");
            complete("a2");
            assertThat(only(same)).isInstanceOf(Succeeded.class);
            assertThat(started).containsExactly("b1", "a2", "a3");
        }
    }

    @Test
    @DisplayName(
            "P8: DROP_LATEST: the new one is Skipped, which is no failure; so it is where there is no queue at all")
    void P8_drop_latest() {
        try (coordinator) {
            subscribe(ListenerOptions.named("l").concurrency(1).queue(1, Overflow.DROP_LATEST));
            subscribe(ListenerOptions.named("none").concurrency(1).queue(0, Overflow.DROP_OLDEST));
            publish("a");
            publish("b");
            Publication<String> dropped = publish("c");
            assertThat(dropped.outcome().join().results())
                    .hasSize(2)
                    .allSatisfy(r -> assertThat(((Skipped) r).reason()).isEqualTo(Reason.DROPPED));
            assertThat(dropped.outcome().join().succeeded()).isTrue();
        }
    }

    @Test
    @DisplayName("P8: WAIT: the publisher waits for room, and is let in when there is some")
    void P8_wait() {
        try (coordinator) {
            subscribe(ListenerOptions.named("l").concurrency(1).queue(1, Overflow.WAIT));
            subscribe(ListenerOptions.named("other"));
            publish("a");
            publish("b");
            AtomicReference<Publication<String>> third = new AtomicReference<>();
            Thread publisher = new Thread(() -> third.set(publish("c")), "publisher");
            publisher.start();
            Waiting.until(() -> publisher.getState() == Thread.State.WAITING);
            assertThat(started).as("nobody else waits").filteredOn("c"::equals).hasSize(1);
            complete("a");
            Waiting.until(() -> third.get() != null);
            complete("b");
            complete("c");
            assertThat(third.get().outcome().orTimeout(20, SECONDS).join().succeeded())
                    .isTrue();
        }
    }

    @Test
    @DisplayName("P8: WAIT ends with the longest wait, with the publication's deadline, or by interruption: Rejected")
    void P8_wait_ends() throws Exception {
        Duration longest = Duration.ofMillis(20);
        try (AsyncEventCoordinator real = AsyncEventCoordinator.builder()
                .longestWait(longest)
                .onUnobservedFailure(failure -> {})
                .drainTimeout(Duration.ZERO)
                .build()) {
            real.subscribeToEvent(
                    "e",
                    a -> new CompletableFuture<>(),
                    ListenerOptions.named("l").concurrency(1).queue(0, Overflow.WAIT));
            real.publishEvent("e");
            assertThat(reason(real.publishEvent("e"))).isEqualTo(Reason.OVERLOADED);
            Publication<EventArguments> late = real.publishEvent(
                    "e", EventArguments.of(), PublishOptions.defaults().deadline(Duration.ofMillis(5)));
            assertThat(late.await(Waiting.LONG).results()).singleElement().matches(DeliveryResult::isFailure);
            Thread.currentThread().interrupt();
            Publication<EventArguments> interrupted = real.publishEvent("e");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(reason(interrupted)).isEqualTo(Reason.OVERLOADED);
        }
    }

    @Test
    @DisplayName("P8: what waits in a listener's queue takes no room in flight from the others")
    void P8_the_queue_is_not_in_flight() {
        try (AsyncEventCoordinator real = AsyncEventCoordinator.builder()
                .maxInFlight(2)
                .overflow(Overflow.REJECT)
                .executor(Runnable::run)
                .drainTimeout(Duration.ZERO)
                .build()) {
            real.subscribeToEvent(KEYED, this::run, ListenerOptions.named("l").ordered());
            real.subscribeToEvent("other", a -> completedFuture(1));
            List<Publication<String>> queued = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                queued.add(real.publishEvent(KEYED, "a" + i));
            }
            assertThat(real.publishEvent("other").outcome().join().succeeded()).isTrue();
            for (int i = 0; i < 100; i++) {
                complete("a" + i);
            }
            assertThat(queued).allMatch(p -> p.outcome().join().succeeded());
            assertThat(real.publishEvent("other").outcome().join().succeeded()).isTrue();
        }
    }

    @Test
    @DisplayName("P8: a delivery that is let in but finds no room in flight is rejected, and gives up its place")
    void P8_no_room_in_flight() {
        try (AsyncEventCoordinator real = AsyncEventCoordinator.builder()
                .maxInFlight(1)
                .overflow(Overflow.REJECT)
                .onUnobservedFailure(failure -> {})
                .executor(Runnable::run)
                .drainTimeout(Duration.ZERO)
                .build()) {
            CompletableFuture<Object> other = new CompletableFuture<>();
            real.subscribeToEvent("other", a -> other);
            real.subscribeToEvent(KEYED, this::run, ListenerOptions.named("l").ordered());
            real.publishEvent("other");
            assertThat(reason(real.publishEvent(KEYED, "a1"))).isEqualTo(Reason.OVERLOADED);
            other.complete(1);
            real.publishEvent(KEYED, "a2");
            assertThat(started).containsExactly("a2");
        }
    }

    @Test
    @DisplayName("P8: a coordinator that drops the latest skips what finds no room; it cannot drop what is running")
    void P8_the_coordinator_drops_the_latest() {
        try (AsyncEventCoordinator real = AsyncEventCoordinator.builder()
                .maxInFlight(1)
                .overflow(Overflow.DROP_LATEST)
                .drainTimeout(Duration.ZERO)
                .build()) {
            real.subscribeToEvent("e", a -> new CompletableFuture<>());
            real.publishEvent("e");
            assertThat(reason(real.publishEvent("e"))).isEqualTo(Reason.DROPPED);
        }
        assertThatThrownBy(() -> AsyncEventCoordinator.builder().overflow(Overflow.DROP_OLDEST))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("P5: closing and pausing skip what waits in the queue, at once")
    void P5_closing_skips_the_queue() {
        try (coordinator) {
            Subscription subscription = coordinator.subscribeToEvent(
                    KEYED, this::run, ListenerOptions.named("l").concurrency(1));
            publish("a");
            Publication<String> paused = publish("b");
            subscription.pause();
            background.runAll();
            assertThat(reason(paused)).isEqualTo(Reason.PAUSED);
            assertThat(reason(publish("while paused"))).isEqualTo(Reason.PAUSED);
            subscription.resume();
            Publication<String> closed = publish("c");
            subscription.close();
            background.runAll();
            assertThat(reason(closed)).isEqualTo(Reason.UNSUBSCRIBED);
            complete("a");
            assertThat(started).containsExactly("a");
        }
    }

    @Test
    @DisplayName("P10: closing lets the queue run out, and cancels what is left of it at the time-out")
    void P10_closing_lets_the_queue_run_out() {
        AsyncEventCoordinator real = new AsyncEventCoordinator();
        AtomicInteger calls = new AtomicInteger();
        real.subscribeToEvent(
                "e",
                AsyncListener.blocking(a -> calls.incrementAndGet()),
                ListenerOptions.named("l").concurrency(1));
        List<Publication<EventArguments>> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            all.add(real.publishEvent("e"));
        }
        assertThat(real.close(Waiting.LONG).cancelled()).isZero();
        assertThat(calls).hasValue(500);
        assertThat(all).allMatch(p -> p.outcome().join().succeeded());

        subscribe(ListenerOptions.named("l").concurrency(1));
        publish("a");
        Publication<String> left = publish("b");
        assertThat(coordinator.close(Duration.ZERO).cancelled()).isEqualTo(2);
        background.runAll();
        assertThat(only(left)).isInstanceOf(Cancelled.class);
    }

    @Test
    @DisplayName("P3, P8: a listener that fails or throws gives its place back")
    void P8_a_failure_gives_its_place_back() {
        try (coordinator) {
            coordinator.subscribeToEvent(
                    "e",
                    a -> {
                        throw new IllegalStateException("planted");
                    },
                    ListenerOptions.named("l").ordered().concurrency(1).queue(0, Overflow.REJECT));
            for (int i = 0; i < 10; i++) {
                assertThat(only(coordinator.publishEvent("e"))).isInstanceOf(Failed.class);
            }
        }
    }

    // ---- inside a listener ----

    @Test
    @DisplayName("S8, P8: with every bound at 1, publications awaited inside their own listener go 1,000 deep")
    void S8_nested_publications_never_wait_for_their_ancestors() {
        try (AsyncEventCoordinator real =
                AsyncEventCoordinator.builder().maxInFlight(1).build()) {
            AtomicInteger depth = new AtomicInteger();
            for (String event : List.of("a", "b")) {
                real.subscribeToEvent(
                        event,
                        AsyncListener.blocking(a -> {
                            if (depth.incrementAndGet() < 1_000) {
                                real.publishEvent(event.equals("a") ? "b" : "a")
                                        .await(Waiting.LONG)
                                        .orThrow();
                            }
                        }),
                        ListenerOptions.named(event)
                                .concurrency(1)
                                .queue(1, Overflow.WAIT)
                                .ordered());
            }
            Outcome outcome =
                    real.publishEvent("a").outcome().orTimeout(60, SECONDS).join();
            assertThat(outcome.failures()).isEmpty();
            assertThat(depth).hasValue(1_000);
            assertThat(real.publishEvent("a")
                            .outcome()
                            .orTimeout(20, SECONDS)
                            .join()
                            .succeeded())
                    .as("every place was given back")
                    .isTrue();
        }
    }

    @Test
    @DisplayName("S8: a nested delivery overtakes one that waits for the slot of its ancestor, and nobody overlaps")
    void S8_a_nested_delivery_overtakes_who_waits_for_its_ancestor() {
        try (coordinator) {
            AtomicReference<Publication<String>> nested = new AtomicReference<>();
            coordinator.subscribeToEvent(
                    KEYED,
                    payload -> {
                        if (payload.equals("a1")) {
                            publish("b1");
                            nested.set(publish("b2"));
                        }
                        return run(payload);
                    },
                    ListenerOptions.named("l").ordered().concurrency(1));
            publish("a1");
            assertThat(started).as("inside a1, b1 has its key").containsExactly("b1", "a1");
            complete("b1");
            assertThat(started).containsExactly("b1", "a1", "b2");
            complete("b2");
            assertThat(nested.get().outcome()).isDone();
            publish("c1");
            assertThat(started).doesNotContain("c1");
            complete("a1");
            assertThat(started).endsWith("c1");
        }
    }

    @Test
    @DisplayName("S8: a nested delivery also overtakes who waits for the slot when its key becomes free later")
    void S8_a_nested_delivery_overtakes_when_its_key_becomes_free() {
        try (coordinator) {
            coordinator.subscribeToEvent(
                    KEYED,
                    payload -> {
                        if (payload.equals("a1")) {
                            publish("b1");
                            publish("b3");
                        }
                        return run(payload);
                    },
                    ListenerOptions.named("l").ordered().concurrency(1));
            publish("x1");
            publish("a1");
            publish("b2");
            complete("x1");
            assertThat(started).as("b1 is inside a1, b2 is not").containsExactly("x1", "b1", "a1");
            complete("b1");
            assertThat(started).as("a1 may wait for b3, and b2 waits for a1").containsExactly("x1", "b1", "a1", "b3");
            complete("b3");
            complete("a1");
            assertThat(started).endsWith("b2");
        }
    }
}
