package dev.convoke.internal.dispatch;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.Publication;
import dev.convoke.PublishOptions;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.EventType;
import dev.convoke.event.Outcome;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Overflow;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.testing.Heap;
import dev.convoke.testing.Mode;
import dev.convoke.testing.Waiting;
import dev.convoke.testkit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a great many publications leave behind: nothing.
 *
 * <p>The heap is compared after a collection, with what was in use after the first of the same publications: they have
 * loaded the classes and made the threads. {@link Heap#NOISE} is less than what a hundredth of the publications would hold.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES) // a minute and more where the machine has other things to do
class LeakTest {
    private static final int PUBLICATIONS = 1_000_000;
    private static final int ON_THREADS = 50_000;
    private static final int BATCH = 1_000;
    private static final int CHAIN = 99_999;
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final RetryPolicy TWICE = RetryPolicy.exponential(2)
            .backoff(Duration.ofNanos(1), Duration.ofNanos(1))
            .jitter(0);
    private final IllegalStateException planted = new IllegalStateException("planted");

    /** The kinds of what is published; to each of them two listeners listen. */
    private static final List<EventType<Integer>> KINDS = IntStream.range(0, 6)
            .mapToObj(kind -> EventType.of("kind" + kind, Integer.class).keyedBy(number -> number % 17))
            .toList();

    private final SplittableRandom random = new SplittableRandom(42);
    private final Map<Class<?>, LongAdder> results = new ConcurrentHashMap<>();

    /** Stages that listeners returned and nobody has completed. */
    private final List<CompletableFuture<Object>> pending = new ArrayList<>();

    private CompletionStage<?> pending() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        pending.add(stage);
        return stage;
    }

    private void count(Outcome outcome) {
        for (DeliveryResult result : outcome.results()) {
            results.computeIfAbsent(result.getClass(), c -> new LongAdder()).increment();
        }
    }

    private void assertThatEveryEndWasMet() {
        assertThat(results)
                .containsKeys(
                        DeliveryResult.Succeeded.class,
                        DeliveryResult.Failed.class,
                        DeliveryResult.TimedOut.class,
                        DeliveryResult.Cancelled.class);
    }

    private static ListenerOptions named(String name) {
        return ListenerOptions.named(name);
    }

    // ---- on one thread, by a clock that the test moves ----

    @Test
    @DisplayName("P1, P7, P9: a million publications that fail, time out, wait or are cancelled leave nothing behind")
    void P1_nothing_is_left_of_many_publications() {
        ManualTicker ticker = new ManualTicker();
        try (AsyncEventCoordinator coordinator = onOneThread(ticker)) {
            Tables tables = Tables.of(coordinator);
            subscribe(coordinator, tables);
            publish(coordinator, ticker, 10 * BATCH);
            long before = Heap.used();

            publish(coordinator, ticker, PUBLICATIONS);

            assertThatEveryEndWasMet();
            assertThat(results).containsKey(DeliveryResult.Skipped.class);
            assertThat(tables.gates()).isEqualTo(3);
            ticker.advance(Duration.ofDays(1));
            tables.awaitEmpty();
            assertThat(tables.deadlines().size()).isZero();
            Heap.awaitBackAt(before);
        }
    }

    private static AsyncEventCoordinator onOneThread(ManualTicker ticker) {
        return AsyncEventCoordinator.builder()
                .ticker(ticker)
                .executor(Runnable::run)
                .background(Runnable::run)
                .maxInFlight(10 * BATCH)
                .deadLetterCapacity(10)
                .onUnobservedFailure(failure -> {})
                .build();
    }

    private void subscribe(AsyncEventCoordinator coordinator, Tables tables) {
        AsyncListener<Integer> fails = number -> failedFuture(planted);
        AsyncListener<Integer> waits = number -> pending();
        AsyncListener<Integer> shown = tables.showingItsGate(waits);
        coordinator.subscribeToEvent(KINDS.get(0), fails, named("fails").inline());
        coordinator.subscribeToEvent(KINDS.get(0), number -> completedFuture(number), named("good"));
        coordinator.subscribeToEvent(KINDS.get(1), fails, named("retries").retry(TWICE));
        coordinator.subscribeToEvent(KINDS.get(1), waits, named("late").inline().timeout(SHORT));
        coordinator.subscribeToEvent(
                KINDS.get(2), waits, named("late, retries").timeout(SHORT).retry(TWICE));
        coordinator.subscribeToEvent(KINDS.get(2), waits, named("waits").inline());
        coordinator.subscribeToEvent(KINDS.get(3), shown, named("ordered").ordered());
        coordinator.subscribeToEvent(
                KINDS.get(3), fails, named("ordered, fails").ordered().retry(TWICE));
        coordinator.subscribeToEvent(
                KINDS.get(4), shown, named("few").concurrency(2).queue(4, Overflow.DROP_OLDEST));
        coordinator.subscribeToEvent(
                KINDS.get(4),
                waits,
                named("odd").inline().onlyIf(e -> e.payload().equals(1)));
        coordinator.subscribeToEvent(
                KINDS.get(5),
                shown,
                named("ordered, few").ordered().concurrency(3).timeout(SHORT));
        coordinator.subscribeToEvent(
                KINDS.get(5), fails, named("fails").inline().ordered().retry(TWICE));
    }

    private void publish(AsyncEventCoordinator coordinator, ManualTicker ticker, int publications) {
        for (int i = 0; i < publications; i += BATCH) {
            List<Publication<Integer>> batch = new ArrayList<>();
            for (int number = i; number < i + BATCH; number++) {
                batch.add(coordinator.publishEvent(kind(number), number, options()));
            }
            endSome(batch);
            ticker.advance(SHORT.multipliedBy(2));
            endAll(ticker);
        }
    }

    /** A time-out costs ten times what a failure does, with the stack of its exception: there are fewer of them. */
    private EventType<Integer> kind(int number) {
        return number % 16 < 2 ? KINDS.get(random.nextInt(KINDS.size())) : KINDS.get(number % 7 == 0 ? 3 : 0);
    }

    private PublishOptions options() {
        PublishOptions options = PublishOptions.defaults();
        return switch (random.nextInt(64)) {
            case 0 -> options.deadline(SHORT);
            case 1, 2, 3 -> options.oneByOne();
            case 4, 5, 6 -> options.stopOnFailure();
            default -> options;
        };
    }

    /** Looks at some of them, cancels some, and lets some of the listeners complete. */
    private void endSome(List<Publication<Integer>> batch) {
        for (Publication<Integer> publication : batch) {
            int what = random.nextInt(4);
            if (what == 0) {
                publication.outcome().thenAccept(this::count);
            } else if (what == 1) {
                publication.cancel();
                publication.outcome().thenAccept(this::count);
            }
        }
        for (int i = 0; i < pending.size(); i += 1 + random.nextInt(4)) {
            complete(pending.get(i));
        }
    }

    private void complete(CompletableFuture<Object> stage) {
        if (random.nextInt(2) == 0) {
            stage.complete("done");
        } else {
            stage.completeExceptionally(planted);
        }
    }

    /** Those that are completed let others in, which wait again. */
    private void endAll(ManualTicker ticker) {
        while (!pending.isEmpty()) {
            List<CompletableFuture<Object>> these = List.copyOf(pending);
            pending.clear();
            these.forEach(this::complete);
            ticker.advance(SHORT);
        }
    }

    // ---- on threads, by the system's clock ----

    @Test
    @DisplayName("P1, P10: 100,000 publications on threads leave nothing behind, and no thread once it is closed")
    void P1_nothing_is_left_on_threads() {
        List<Thread> others = ourThreads();
        AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .maxInFlight(64)
                .unobservedAfter(SHORT)
                .deadLetterCapacity(10)
                .onUnobservedFailure(failure -> {})
                .build();
        Tables tables = Tables.of(coordinator);
        subscribeOnThreads(coordinator, tables);
        publishOnTwoThreads(coordinator, 2 * BATCH);
        tables.awaitEmpty();
        long before = Heap.used();

        publishOnTwoThreads(coordinator, ON_THREADS);

        assertThatEveryEndWasMet();
        assertThat(tables.gates()).isEqualTo(2);
        tables.awaitEmpty();
        Heap.awaitBackAt(before);
        assertThat(tables.deadlines().size())
                .as("but for the watch for slow ones")
                .isLessThanOrEqualTo(1);
        coordinator.close();
        assertThat(tables.deadlines().size()).isZero();
        Waiting.until(() -> others.containsAll(ourThreads()));
    }

    private static List<Thread> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("convoke-"))
                .toList();
    }

    private void subscribeOnThreads(AsyncEventCoordinator coordinator, Tables tables) {
        CountDownLatch never = new CountDownLatch(1);
        AsyncListener<Integer> fails = number -> failedFuture(planted);
        AsyncListener<Integer> good = number -> completedFuture(number);
        AsyncListener<Integer> blocks = AsyncListener.blocking(number -> never.await());
        coordinator.subscribeToEvent(KINDS.get(0), fails, named("retries").retry(TWICE));
        coordinator.subscribeToEvent(KINDS.get(0), fails, named("fails").inline());
        coordinator.subscribeToEvent(KINDS.get(1), blocks, named("late").timeout(SHORT));
        coordinator.subscribeToEvent(
                KINDS.get(1),
                number -> new CompletableFuture<>(),
                named("waits").inline().timeout(SHORT));
        coordinator.subscribeToEvent(
                KINDS.get(2), tables.showingItsGate(good), named("ordered").ordered());
        coordinator.subscribeToEvent(
                KINDS.get(2),
                tables.showingItsGate(fails),
                named("few").concurrency(2).retry(TWICE));
    }

    private void publishOnTwoThreads(AsyncEventCoordinator coordinator, int each) {
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> publish(coordinator, each));
        publish(coordinator, each);
        other.orTimeout(50, SECONDS).join();
    }

    private void publish(AsyncEventCoordinator coordinator, int publications) {
        for (int i = 0; i < publications; i++) {
            int kind = i % 64 == 0 ? 1 : i % 2 * 2;
            Publication<Integer> publication = coordinator.publishEvent(KINDS.get(kind), i);
            if (i % 3 == 0) {
                publication.cancel();
            }
            if (i % 5 < 2) {
                publication.outcome().thenAccept(this::count);
            }
        }
    }

    // ---- keys ----

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("P7: of 1,000,000 distinct keys nothing is kept, whether they come alone or wait together")
    void P7_nothing_is_kept_of_a_key(boolean inline) {
        ManualTicker ticker = new ManualTicker();
        EventType<Integer> byItself = EventType.of("number", Integer.class).keyedBy(number -> number);
        try (AsyncEventCoordinator coordinator = onOneThread(ticker)) {
            Tables tables = Tables.of(coordinator);
            ListenerOptions options = named("ordered").ordered();
            coordinator.subscribeToEvent(
                    byItself,
                    tables.showingItsGate(number -> inline ? completedFuture(number) : pending()),
                    inline ? options.inline() : options.concurrency(BATCH / 2));
            publishKeys(coordinator, byItself, 0, 20 * BATCH);
            long before = Heap.used();

            publishKeys(coordinator, byItself, 20 * BATCH, 1_000_000);

            ticker.advance(Duration.ofDays(1));
            assertThat(tables.gates()).isEqualTo(1);
            tables.awaitEmpty();
            assertThat(tables.deadlines().size()).isZero();
            Heap.awaitBackAt(before);
        }
    }

    private void publishKeys(AsyncEventCoordinator coordinator, EventType<Integer> type, int from, int to) {
        for (int number = from; number < to; number++) {
            coordinator.publishEvent(type, number);
            if (number % BATCH == 0) {
                completePending();
            }
        }
        completePending();
    }

    private void completePending() {
        while (!pending.isEmpty()) {
            pending.remove(random.nextInt(pending.size())).complete("done");
        }
    }

    // ---- chains ----

    @ParameterizedTest
    @EnumSource
    @DisplayName("S8: what a chain of 100,000 publications took is free again after it, though its ends are still held")
    void S8_a_chain_is_let_go_of(Mode mode) {
        try (AsyncEventCoordinator coordinator = new AsyncEventCoordinator()) {
            EventType<Integer> link = EventType.of("link", Integer.class);
            coordinator.subscribeToEvent(
                    link,
                    left -> left == 0
                            ? completedFuture("end")
                            : coordinator.publishEvent(link, left - 1).gather().thenApply(all -> all.get(0)),
                    mode.named("link"));
            Tables tables = Tables.of(coordinator);
            gather(coordinator.publishEvent(link, 1_000));
            long before = Heap.used();

            Publication<Integer> outermost = coordinator.publishEvent(link, CHAIN);
            gather(outermost);

            tables.awaitEmpty();
            Heap.awaitBackAt(before);
            assertThat(outermost.outcome().join().succeeded()).isTrue();
        }
    }

    private static void gather(Publication<Integer> publication) {
        assertThat(publication.gather().orTimeout(50, SECONDS).join()).containsExactly("end");
    }
}
