package dev.convoke;

import static dev.convoke.testing.Waiting.LONG;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.EventArgumentException;
import dev.convoke.event.EventArguments;
import dev.convoke.event.Outcome;
import dev.convoke.event.Refusal;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.testing.Listeners;
import dev.convoke.testing.Mode;
import dev.convoke.testing.Waiting;
import dev.convoke.testkit.ManualExecutor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OriginalSemanticsTest {
    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();

    @AfterEach
    void close() {
        coordinator.close();
    }

    @Test
    @DisplayName("S1: a new coordinator has no listeners, and an unknown name has an empty list")
    void S1_starts_empty() {
        assertThat(coordinator.listeners()).isEmpty();
        assertThat(coordinator.listeners("unknown")).isEmpty();
    }

    @Test
    @DisplayName("S1: publishing a name that nobody subscribed to completes at once, empty, and creates nothing")
    void S1_publishing_an_unknown_name_creates_nothing() {
        Publication<EventArguments> publication = coordinator.publishEvent("unknown", 1);

        assertThat(publication.outcome()).isCompleted();
        assertThat(publication.gather()).isCompletedWithValue(List.of());
        assertThat(publication.outcome().join().results()).isEmpty();
        assertThat(publication.outcome().join().succeeded()).isTrue();
        assertThat(coordinator.listeners()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S2: the same listener subscribed twice runs twice, concurrently")
    void S2_the_same_listener_twice_runs_twice_concurrently(Mode mode) {
        CountDownLatch both = new CountDownLatch(2);
        CompletableFuture<String> met = new CompletableFuture<>();
        AsyncListener<EventArguments> listener = arguments -> {
            both.countDown();
            if (both.getCount() == 0) {
                met.complete("met");
            }
            return met.copy();
        };
        coordinator.subscribeToEvent("twice", mode.of(listener), mode.named("same"));
        coordinator.subscribeToEvent("twice", mode.of(listener), mode.named("same"));

        assertThat(coordinator
                        .publishEvent("twice")
                        .gather()
                        .orTimeout(20, SECONDS)
                        .join())
                .containsExactly("met", "met");
    }

    private static Integer meet(CyclicBarrier barrier) {
        try {
            return barrier.await(LONG.toSeconds(), SECONDS);
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    @Test
    @DisplayName("S2: listeners() shows what was appended, in order")
    void S2_listeners_are_listed_in_subscription_order() {
        coordinator.subscribeToEvent("b", arguments -> completedFuture(1));
        coordinator.subscribeToEvent("b", arguments -> completedFuture(2), ListenerOptions.named("second"));
        coordinator.subscribeToEvent("a", arguments -> completedFuture(3));

        assertThat(coordinator.listeners()).containsOnlyKeys("a", "b");
        assertThat(coordinator.listeners("b")).extracting(ListenerInfo::id).containsExactly("b#1", "second");
    }

    @Test
    @DisplayName("S4: positional and named arguments reach every listener, and all of them run at the same time")
    void S4_all_listeners_run_concurrently_with_the_arguments() {
        CyclicBarrier all = new CyclicBarrier(3);
        for (int i = 0; i < 3; i++) {
            coordinator.subscribeToEvent("greet", AsyncListener.computing(arguments -> {
                meet(all);
                return arguments.get(0, String.class) + " " + arguments.get("times", int.class);
            }));
        }

        EventArguments arguments = EventArguments.of("ada").with("times", 3);
        assertThat(coordinator
                        .publishEvent("greet", arguments)
                        .gather()
                        .orTimeout(20, SECONDS)
                        .join())
                .containsExactly("ada 3", "ada 3", "ada 3");
    }

    @Test
    @DisplayName("S5: listeners are handed to their executor in subscription order")
    void S5_handed_on_in_subscription_order() {
        ManualExecutor executor = new ManualExecutor();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            coordinator.subscribeToEvent(
                    "ordered",
                    arguments -> completedFuture(order.add(number)),
                    ListenerOptions.defaults().executor(executor));
        }

        coordinator.publishEvent("ordered");
        executor.runAll();

        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    @DisplayName("S5: inline listeners start in subscription order, before publishEvent returns")
    void S5_inline_listeners_start_in_order() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            coordinator.subscribeToEvent(
                    "ordered",
                    arguments -> completedFuture(order.add(number)),
                    ListenerOptions.defaults().inline());
        }

        coordinator.publishEvent("ordered");

        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S5: a listener added during a publication waits for the next one")
    void S5_the_listeners_are_those_at_publish(Mode mode) throws InterruptedException {
        AtomicBoolean added = new AtomicBoolean();
        coordinator.subscribeToEvent(
                "growing",
                mode.of(arguments -> {
                    if (added.compareAndSet(false, true)) {
                        coordinator.subscribeToEvent(
                                "growing", mode.of(a -> completedFuture("late")), mode.named("late"));
                    }
                    return completedFuture("early");
                }),
                mode.named("early"));

        assertThat(coordinator.publishEvent("growing").await().results()).hasSize(1);
        assertThat(coordinator.publishEvent("growing").await().results())
                .extracting(DeliveryResult::listener)
                .containsExactly("early", "late");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S6: gather fails at once with the first failure in time, and the others run on")
    void S6_gather_fails_with_the_first_failure_and_the_others_run_on(Mode mode) {
        CompletableFuture<String> slow = new CompletableFuture<>();
        CompletableFuture<String> second = new CompletableFuture<>();
        IllegalStateException first = new IllegalStateException("first");
        coordinator.subscribeToEvent("e", mode.of(arguments -> slow), mode.named("slow"));
        coordinator.subscribeToEvent("e", mode.of(arguments -> second), mode.named("second"));
        coordinator.subscribeToEvent(
                "e", mode.of(arguments -> CompletableFuture.failedFuture(first)), mode.named("first"));

        Publication<EventArguments> publication = coordinator.publishEvent("e");
        CompletableFuture<List<Object>> gathered = publication.gather();

        assertThat(catchThrowable(() -> gathered.orTimeout(20, SECONDS).join()).getCause())
                .isSameAs(first);
        assertThat(gathered.handle((values, failure) -> failure).join()).isSameAs(first);
        assertThat(publication.outcome()).isNotDone();
        second.completeExceptionally(new IllegalArgumentException("second"));
        slow.complete("done");
        Outcome outcome = publication.outcome().orTimeout(20, SECONDS).join();
        assertThat(outcome.results().get(0)).isInstanceOf(DeliveryResult.Succeeded.class);
        assertThat(catchThrowable(() -> publication.gather().join()).getCause()).isSameAs(first);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S6: gather without a failure has the results in subscription order, null among them")
    void S6_gather_has_the_results_in_subscription_order(Mode mode) {
        CompletableFuture<Integer> last = new CompletableFuture<>();
        coordinator.subscribeToEvent("e", mode.of(arguments -> last), mode.named("last"));
        coordinator.subscribeToEvent("e", mode.of(arguments -> completedFuture(null)), mode.named("nothing"));
        coordinator.subscribeToEvent("e", mode.of(arguments -> completedFuture(3)), mode.named("three"));

        CompletableFuture<List<Object>> gathered = coordinator.publishEvent("e").gather();
        assertThat(gathered).isNotDone();
        last.complete(1);

        assertThat(gathered.orTimeout(20, SECONDS).join()).containsExactly(1, null, 3);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S7: cancelling the publication cancels every listener that has not ended")
    void S7_cancelling_cancels_what_has_not_ended(Mode mode) {
        CompletableFuture<String> pending = new CompletableFuture<>();
        CountDownLatch bothCalled = new CountDownLatch(2);
        coordinator.subscribeToEvent(
                "e", mode.of(arguments -> Listeners.called(bothCalled, completedFuture("done"))), mode.named("done"));
        coordinator.subscribeToEvent(
                "e", mode.of(arguments -> Listeners.called(bothCalled, pending)), mode.named("pending"));
        Publication<EventArguments> publication = coordinator.publishEvent("e");
        Waiting.on(bothCalled);
        Waiting.until(() -> publication.first().isDone() && pending.getNumberOfDependents() > 0);

        assertThat(publication.cancel()).isTrue();

        assertThat(pending).isCancelled();
        assertThat(publication.outcome().join().results())
                .hasExactlyElementsOfTypes(DeliveryResult.Succeeded.class, DeliveryResult.Cancelled.class);
        assertThat(publication.gather()).isCancelled();
        assertThat(publication.cancel()).isFalse();
    }

    @Test
    @DisplayName("S7: a blocking listener is interrupted, and one that has not started never starts")
    void S7_cancelling_interrupts_and_keeps_from_starting() {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        ManualExecutor executor = new ManualExecutor();
        AtomicInteger runs = new AtomicInteger();
        coordinator.subscribeToEvent("e", Listeners.interruptible(started, interrupted));
        coordinator.subscribeToEvent(
                "e",
                arguments -> completedFuture(runs.incrementAndGet()),
                ListenerOptions.defaults().executor(executor));
        Publication<EventArguments> publication = coordinator.publishEvent("e");
        Waiting.on(started);

        assertThat(publication.cancel()).isTrue();

        Waiting.on(interrupted);
        executor.runAll();
        assertThat(runs).hasValue(0);
        assertThat(publication.outcome().join().results())
                .hasOnlyElementsOfType(DeliveryResult.Cancelled.class)
                .extracting(DeliveryResult::attempts)
                .containsExactly(1, 0);
    }

    /** Publishes the next one below from inside its listener, and returns what that one returns. */
    private AsyncListener<EventArguments> chain(String name) {
        return arguments -> {
            int left = arguments.get(0, int.class);
            return left == 0
                    ? completedFuture("end")
                    : coordinator.publishEvent(name, left - 1).gather().thenApply(all -> all.get(0));
        };
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S8: chains that are awaited asynchronously go 100,000 deep without a stack overflow")
    void S8_asynchronous_chains_go_100_000_deep(Mode mode) {
        coordinator.subscribeToEvent("chain", mode.of(chain("chain")), mode.named("link"));

        assertThat(coordinator
                        .publishEvent("chain", 99_999)
                        .gather()
                        .orTimeout(50, SECONDS)
                        .join())
                .containsExactly("end");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S8: a chain deeper than the limit is refused, with its last event names in the message")
    void S8_a_chain_deeper_than_the_limit_is_refused(Mode mode) {
        try (AsyncEventCoordinator shallow =
                AsyncEventCoordinator.builder().maxDepth(3).build()) {
            List<Publication<?>> refused = Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < 4; i++) {
                String next = "e" + (i + 1);
                shallow.subscribeToEvent(
                        "e" + i,
                        mode.of(arguments -> {
                            Publication<?> publication = shallow.publishEvent(next);
                            refused.add(publication);
                            return publication.gather();
                        }),
                        mode.named("l" + i));
            }

            Throwable failure = catchThrowable(() ->
                    shallow.publishEvent("e0").gather().orTimeout(20, SECONDS).join());

            assertThat(failure.getCause())
                    .hasMessageContaining("deeper than 3")
                    .hasMessageContaining("e0 > e1 > e2 > e3");
            Outcome outcome = refused.stream()
                    .map(p -> p.outcome().join())
                    .filter(o -> o.refusal().isPresent())
                    .findFirst()
                    .orElseThrow();
            assertThat(outcome.refusal()).contains(Refusal.TOO_DEEP);
            assertThat(outcome.results()).isEmpty();
        }
    }

    @Test
    @DisplayName("S8: inline nesting beyond 64 moves to the executor")
    void S8_inline_nesting_beyond_64_moves_to_the_executor() {
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        AsyncListener<EventArguments> link = chain("nest");
        coordinator.subscribeToEvent(
                "nest",
                arguments -> {
                    threads.add(Thread.currentThread());
                    return link.onEvent(arguments);
                },
                ListenerOptions.defaults().inline());

        coordinator.publishEvent("nest", 99).gather().orTimeout(20, SECONDS).join();

        assertThat(threads).hasSize(100);
        assertThat(threads.subList(0, 64)).containsOnly(Thread.currentThread());
        assertThat(threads.subList(64, 100)).doesNotContain(Thread.currentThread());
    }

    @Test
    @DisplayName("S8: nested blocking publications do not deadlock on the coordinator's own limit")
    void S8_nested_blocking_publications_do_not_deadlock_on_the_limit() {
        try (AsyncEventCoordinator narrow =
                AsyncEventCoordinator.builder().maxInFlight(1).build()) {
            narrow.subscribeToEvent("nest", AsyncListener.computing(arguments -> {
                int left = arguments.get(0, int.class);
                return left == 0
                        ? "end"
                        : narrow.publishEvent("nest", left - 1).await().orThrow();
            }));

            assertThat(narrow.publishEvent("nest", 100)
                            .outcome()
                            .orTimeout(20, SECONDS)
                            .join()
                            .succeeded())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S9: a missing argument fails that listener alone, and the message names what is missing where")
    void S9_a_missing_argument_fails_that_listener_alone(Mode mode) throws InterruptedException {
        coordinator.subscribeToEvent(
                "greet", mode.of(a -> completedFuture(a.get(1, String.class))), mode.named("second"));
        coordinator.subscribeToEvent(
                "greet", mode.of(a -> completedFuture(a.get("times", int.class))), mode.named("times"));
        coordinator.subscribeToEvent(
                "greet", mode.of(a -> completedFuture(a.get(0, Integer.class))), mode.named("number"));
        coordinator.subscribeToEvent(
                "greet", mode.of(a -> completedFuture(a.get(0, String.class))), mode.named("good"));

        Outcome outcome = coordinator.publishEvent("greet", "ada").await();

        assertThat(outcome.results().get(3)).isInstanceOf(DeliveryResult.Succeeded.class);
        assertThat(outcome.failures())
                .extracting(r -> ((DeliveryResult.Failed) r).cause())
                .hasOnlyElementsOfType(EventArgumentException.class)
                .extracting(Throwable::getMessage)
                .containsExactly(
                        "event greet, listener second: argument 1 is missing: expected java.lang.String, but there are 1",
                        "event greet, listener times: argument 'times' is missing: expected int, but there are []",
                        "event greet, listener number: argument 0 is of another type: expected java.lang.Integer,"
                                + " actual java.lang.String");
    }
}
