package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Cancelled;
import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.DeliveryResult.Skipped;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.DeliveryResult.TimedOut;
import dev.convoke.event.EventArguments;
import dev.convoke.event.Outcome;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Subscription;
import dev.convoke.testing.Mode;
import dev.convoke.testing.Waiting;
import dev.convoke.testkit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One listener after another, where the publisher asks for that. */
class OneByOneTest {
    private static final PublishOptions ONE_BY_ONE = PublishOptions.defaults().oneByOne();
    private final IllegalStateException planted = new IllegalStateException("planted");

    private final ManualTicker ticker = new ManualTicker();
    private final AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
            .ticker(ticker)
            .onUnobservedFailure(failure -> {})
            .drainTimeout(Duration.ZERO)
            .build();
    private final List<String> started = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Object>> stages = new ArrayList<>();

    private void subscribeThree(Mode mode) {
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Object> stage = new CompletableFuture<>();
            stages.add(stage);
            String name = "l" + i;
            coordinator.subscribeToEvent("e", mode.of(a -> start(name, stage)), mode.named(name));
        }
    }

    private <T> CompletableFuture<T> start(String name, CompletableFuture<T> stage) {
        started.add(name);
        return stage;
    }

    private Publication<EventArguments> publish(PublishOptions options) {
        return coordinator.publishEvent("e", EventArguments.of(), options);
    }

    private static Outcome settled(Publication<?> publication) {
        return publication.outcome().orTimeout(20, SECONDS).join();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("one by one: each starts when the one before has its result, on after a failure, in every mode")
    void each_starts_when_the_one_before_has_its_result(Mode mode) {
        try (coordinator) {
            subscribeThree(mode);
            Publication<EventArguments> publication = publish(ONE_BY_ONE);
            Waiting.until(() -> started.equals(List.of("l0")));
            Waiting.until(() -> stages.get(0).getNumberOfDependents() > 0);
            stages.get(0).completeExceptionally(planted);
            Waiting.until(() -> started.equals(List.of("l0", "l1")));
            Waiting.until(() -> stages.get(1).getNumberOfDependents() > 0);
            stages.get(1).complete("one");
            Waiting.until(() -> started.equals(List.of("l0", "l1", "l2")));
            assertThat(publication.outcome()).isNotDone();
            stages.get(2).complete("two");
            assertThat(settled(publication).results())
                    .hasExactlyElementsOfTypes(Failed.class, Succeeded.class, Succeeded.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S6: stopOnFailure: after the first failure the rest is Skipped(STOPPED), in every mode")
    void S6_stop_on_failure(Mode mode) {
        try (coordinator) {
            subscribeThree(mode);
            stages.get(0).complete("zero");
            stages.get(1).completeExceptionally(planted);
            Publication<EventArguments> publication = publish(ONE_BY_ONE.stopOnFailure());
            Outcome outcome = settled(publication);
            assertThat(outcome.results())
                    .hasExactlyElementsOfTypes(Succeeded.class, Failed.class, Skipped.class)
                    .last()
                    .satisfies(r -> assertThat(((Skipped) r).reason()).isEqualTo(Reason.STOPPED));
            assertThat(started).containsExactly("l0", "l1");
            assertThat(outcome.failures()).hasSize(1);
            assertThat(settled(publish(PublishOptions.defaults().stopOnFailure().oneByOne()))
                            .results())
                    .as("in whatever order it is said, and by itself")
                    .last()
                    .isInstanceOf(Skipped.class);
        }
    }

    @Test
    @DisplayName("one by one: ten thousand listeners that complete at once are a loop, not a tower of calls")
    void many_that_complete_at_once() {
        try (AsyncEventCoordinator real =
                AsyncEventCoordinator.builder().executor(Runnable::run).build()) {
            AtomicInteger calls = new AtomicInteger();
            for (int i = 0; i < 10_000; i++) {
                ListenerOptions options = ListenerOptions.named("l" + i);
                real.subscribeToEvent(
                        "e", a -> completedFuture(calls.incrementAndGet()), i % 2 == 0 ? options : options.inline());
            }
            Outcome outcome = settled(real.publishEvent("e", EventArguments.of(), ONE_BY_ONE));
            assertThat(outcome.results()).hasSize(10_000);
            for (int i = 0; i < 10_000; i++) {
                assertThat(((Succeeded) outcome.results().get(i)).value()).isEqualTo(i + 1);
            }
        }
    }

    @Test
    @DisplayName("S7: cancelling ends the one that runs and those that have not started")
    void S7_cancelling_ends_all() {
        try (coordinator) {
            subscribeThree(Mode.EXECUTOR);
            Publication<EventArguments> publication = publish(ONE_BY_ONE);
            Waiting.until(() -> stages.get(0).getNumberOfDependents() > 0);
            assertThat(publication.cancel()).isTrue();
            assertThat(settled(publication).results())
                    .hasOnlyElementsOfType(Cancelled.class)
                    .extracting(DeliveryResult::attempts)
                    .containsExactly(1, 0, 0);
            assertThat(started).containsExactly("l0");
        }
    }

    @Test
    @DisplayName("P6: a time-out goes on to the next one, and the deadline ends all of them")
    void P6_time_outs() {
        try (coordinator) {
            coordinator.subscribeToEvent(
                    "e",
                    a -> start("slow", new CompletableFuture<>()),
                    ListenerOptions.named("slow").timeout(Duration.ofSeconds(1)));
            subscribeThree(Mode.INLINE);
            Publication<EventArguments> publication = publish(ONE_BY_ONE.deadline(Duration.ofSeconds(5)));
            Waiting.until(() -> started.size() == 1);
            ticker.advance(Duration.ofSeconds(1));
            Waiting.until(() -> started.equals(List.of("slow", "l0")));
            Waiting.until(() -> stages.get(0).getNumberOfDependents() > 0);
            ticker.advance(Duration.ofSeconds(4));
            assertThat(settled(publication).results())
                    .hasSize(4)
                    .hasOnlyElementsOfType(TimedOut.class)
                    .extracting(DeliveryResult::attempts)
                    .containsExactly(1, 1, 0, 0);
        }
    }

    @Test
    @DisplayName("P5: one that leaves, or is not wanted, before its turn is skipped, and the next one starts")
    void P5_one_that_leaves_before_its_turn() {
        try (coordinator) {
            CompletableFuture<Object> first = new CompletableFuture<>();
            coordinator.subscribeToEvent(
                    "e",
                    a -> start("first", first),
                    ListenerOptions.named("first").inline());
            Subscription leaving = coordinator.subscribeToEvent(
                    "e",
                    a -> start("leaving", completedFuture(1)),
                    ListenerOptions.named("leaving").concurrency(1));
            coordinator.subscribeToEvent(
                    "e",
                    a -> start("filtered", completedFuture(1)),
                    ListenerOptions.defaults().onlyIf(e -> false));
            coordinator.subscribeToEvent(
                    "e",
                    a -> start("broken", completedFuture(1)),
                    ListenerOptions.defaults().onlyIf(e -> {
                        throw planted;
                    }));
            coordinator.subscribeToEvent("e", a -> start("last", failedFuture(planted)));
            Publication<EventArguments> publication = publish(ONE_BY_ONE);
            leaving.close();
            first.complete("done");
            assertThat(settled(publication).results())
                    .hasExactlyElementsOfTypes(
                            Succeeded.class, Skipped.class, Skipped.class, Failed.class, Failed.class);
            assertThat(started).containsExactly("first", "last");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P5: one by one: who was paused at publish is skipped, though resumed before its turn, in every mode")
    void P5_one_that_was_paused_at_publish(Mode mode) {
        try (coordinator) {
            CompletableFuture<Object> first = new CompletableFuture<>();
            coordinator.subscribeToEvent("e", a -> start("first", first), mode.named("first"));
            Subscription paused =
                    coordinator.subscribeToEvent("e", a -> start("paused", completedFuture(1)), mode.named("paused"));
            paused.pause();
            Publication<EventArguments> publication = publish(ONE_BY_ONE);
            paused.resume();
            first.complete("done");
            assertThat(settled(publication).results()).hasExactlyElementsOfTypes(Succeeded.class, Skipped.class);
        }
    }

    @Test
    @DisplayName("P8: one by one takes one place in flight at a time, and waits for it as others do")
    void P8_one_place_in_flight() {
        try (AsyncEventCoordinator real = AsyncEventCoordinator.builder()
                .maxInFlight(1)
                .drainTimeout(Duration.ZERO)
                .build()) {
            AtomicInteger calls = new AtomicInteger();
            for (int i = 0; i < 5; i++) {
                real.subscribeToEvent("e", a -> CompletableFuture.supplyAsync(calls::incrementAndGet));
            }
            List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                outcomes.add(
                        real.publishEvent("e", EventArguments.of(), ONE_BY_ONE).outcome());
            }
            outcomes.forEach(
                    outcome -> assertThat(outcome.orTimeout(20, SECONDS).join().succeeded())
                            .isTrue());
            assertThat(calls).hasValue(1_000);
        }
    }
}
