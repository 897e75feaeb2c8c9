package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Cancelled;
import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.DeliveryResult.TimedOut;
import dev.convoke.event.Event;
import dev.convoke.event.EventArguments;
import dev.convoke.event.Outcome;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.listener.Subscription;
import dev.convoke.spi.CoordinatorObserver;
import dev.convoke.testing.Listeners;
import dev.convoke.testing.Mode;
import dev.convoke.testing.Waiting;
import dev.convoke.testkit.ManualExecutor;
import dev.convoke.testkit.ManualTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Time stands still but when a test moves it, and nothing runs aside but when a test says so. */
class RetryTest {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final RetryPolicy THREE =
            RetryPolicy.exponential(3).backoff(FIRST, Duration.ofSeconds(1)).jitter(0);
    private final IllegalStateException planted = new IllegalStateException("planted");

    private final ManualTicker ticker = new ManualTicker();
    private final ManualExecutor background = new ManualExecutor();
    private final List<DeadLetter> dead = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
            .ticker(ticker)
            .background(background)
            .executor(Runnable::run)
            .onUnobservedFailure(failure -> {})
            .onDeadLetter(dead::add)
            .observer(new CoordinatorObserver() {
                @Override
                public void onStart(Event<?> event, String listener, int attempt) {
                    told.add("start " + attempt);
                }

                @Override
                public void onRetry(Event<?> event, DeliveryResult failed, int attempt, Duration delay) {
                    told.add("retry " + attempt + " after " + delay.toMillis());
                }

                @Override
                public void onResult(Event<?> event, DeliveryResult result) {
                    told.add(result.getClass().getSimpleName() + " " + result.attempts());
                }

                @Override
                public void onDeadLetter(DeadLetter letter) {
                    told.add("dead " + letter.listener());
                }
            })
            .drainTimeout(Duration.ZERO)
            .build();

    private void pass(Duration time) {
        ticker.advance(time);
        background.runAll();
    }

    private static Outcome settled(Publication<?> publication) {
        assertThat(publication.outcome()).isDone();
        return publication.outcome().join();
    }

    /** Fails so often, then succeeds. */
    private AsyncListener<EventArguments> failing(int times, AtomicInteger calls) {
        return a -> calls.incrementAndGet() <= times ? failedFuture(planted) : completedFuture("fine");
    }

    @Test
    @DisplayName("P9: a failed listener is tried again after the back-off, and only that one")
    void P9_only_the_failed_listener_is_tried_again() {
        try (coordinator) {
            AtomicInteger calls = new AtomicInteger();
            AtomicInteger other = new AtomicInteger();
            coordinator.subscribeToEvent(
                    "e", failing(2, calls), ListenerOptions.named("l").retry(THREE));
            coordinator.subscribeToEvent("e", failing(0, other), ListenerOptions.named("other"));
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            assertThat(calls).hasValue(1);
            assertThat(publication.outcome()).isNotDone();

            pass(FIRST.minusNanos(1));
            assertThat(calls).hasValue(1);
            pass(Duration.ofNanos(1));
            assertThat(calls).hasValue(2);
            pass(FIRST.multipliedBy(2));

            assertThat(settled(publication).results()).first().isInstanceOfSatisfying(Succeeded.class, r -> {
                assertThat(r.value()).isEqualTo("fine");
                assertThat(r.attempts()).isEqualTo(3);
                assertThat(r.took()).isEqualTo(FIRST.multipliedBy(3));
            });
            assertThat(other).hasValue(1);
            assertThat(told)
                    .containsSubsequence(
                            "start 1", "retry 2 after 100", "start 2", "retry 3 after 200", "start 3", "Succeeded 3");
            assertThat(dead).isEmpty();
            assertThat(coordinator.deadLetters().list()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "P9: a delivery that is out of attempts is Failed with its last cause, and a dead letter, in every mode")
    void P9_out_of_attempts_is_a_dead_letter(Mode mode) {
        List<DeadLetter> letters = new CopyOnWriteArrayList<>();
        try (AsyncEventCoordinator real =
                AsyncEventCoordinator.builder().onDeadLetter(letters::add).build()) {
            AtomicInteger calls = new AtomicInteger();
            RetryPolicy quick = RetryPolicy.exponential(3).backoff(Duration.ofMillis(1), Duration.ofMillis(2));
            real.subscribeToEvent(
                    "e",
                    mode.of(a -> {
                        throw new IOException("attempt " + calls.incrementAndGet());
                    }),
                    mode.named("l").retry(quick));
            Publication<EventArguments> publication = real.publishEvent("e", "payload");
            Outcome outcome = publication.outcome().orTimeout(20, SECONDS).join();
            assertThat(outcome.results()).singleElement().isInstanceOfSatisfying(Failed.class, r -> {
                assertThat(r.cause()).isInstanceOf(IOException.class).hasMessage("attempt 3");
                assertThat(r.attempts()).isEqualTo(3);
            });
            assertThat(letters)
                    .isEqualTo(real.deadLetters().list())
                    .singleElement()
                    .satisfies(letter -> {
                        assertThat(letter.event()).isSameAs(publication.event());
                        assertThat(letter.listener()).isEqualTo("l");
                        assertThat(letter.attempts()).isEqualTo(3);
                        assertThat(letter.cause()).hasMessage("attempt 3");
                    });
        }
    }

    @Test
    @DisplayName(
            "P9: a failure that the predicate does not want is final at once, as is one where the predicate throws")
    void P9_the_predicate_decides() {
        try (coordinator) {
            RetryPolicy onIo = THREE.on(IOException.class::isInstance);
            RetryPolicy broken = THREE.on(failure -> {
                throw planted;
            });
            coordinator.subscribeToEvent(
                    "e", a -> failedFuture(planted), ListenerOptions.defaults().retry(onIo));
            coordinator.subscribeToEvent(
                    "e", a -> failedFuture(planted), ListenerOptions.defaults().retry(broken));
            coordinator.subscribeToEvent(
                    "io",
                    a -> failedFuture(new IOException()),
                    ListenerOptions.defaults().retry(onIo));
            assertThat(settled(coordinator.publishEvent("e")).results())
                    .hasSize(2)
                    .allSatisfy(r -> {
                        assertThat(r.attempts()).isEqualTo(1);
                        assertThat(r.failure()).containsSame(planted);
                    });
            assertThat(dead).hasSize(2);
            assertThat(coordinator.publishEvent("io").outcome()).isNotDone();
        }
    }

    @Test
    @DisplayName("P9: without a retry policy there is one attempt and no dead letter; a cancelled stage is not retried")
    void P9_no_policy_no_dead_letter() {
        try (coordinator) {
            coordinator.subscribeToEvent("e", a -> failedFuture(planted));
            CompletableFuture<Void> cancelled = new CompletableFuture<>();
            cancelled.cancel(false);
            coordinator.subscribeToEvent(
                    "e", a -> cancelled, ListenerOptions.defaults().retry(THREE));
            assertThat(settled(coordinator.publishEvent("e")).results())
                    .hasExactlyElementsOfTypes(Failed.class, Cancelled.class)
                    .allSatisfy(r -> assertThat(r.attempts()).isEqualTo(1));
            assertThat(dead).isEmpty();
        }
    }

    @Test
    @DisplayName(
            "P6, P9: an attempt that times out is ended and followed by another; the last one times the delivery out")
    void P9_a_timed_out_attempt_is_followed_by_another() {
        try (coordinator) {
            Duration limit = Duration.ofSeconds(5);
            List<CompletableFuture<Object>> stages = new ArrayList<>();
            List<Boolean> cancelled = new ArrayList<>();
            coordinator.subscribeToEvent(
                    "e",
                    AsyncListener.withContext((a, context) -> {
                        context.onCancel(() -> cancelled.add(context.isCancelled()));
                        stages.add(new CompletableFuture<>());
                        return stages.get(stages.size() - 1);
                    }),
                    ListenerOptions.named("l").timeout(limit).retry(THREE));
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            pass(limit);
            assertThat(stages)
                    .singleElement()
                    .satisfies(stage -> assertThat(stage).isCancelled());
            assertThat(publication.outcome()).isNotDone();
            pass(FIRST);
            assertThat(stages).hasSize(2);
            pass(limit);
            pass(FIRST.multipliedBy(2));
            assertThat(stages).hasSize(3);
            pass(limit);

            assertThat(settled(publication).results()).singleElement().isInstanceOfSatisfying(TimedOut.class, r -> {
                assertThat(r.attempts()).isEqualTo(3);
                assertThat(r.after()).isEqualTo(limit);
            });
            assertThat(cancelled).containsExactly(true, true, true);
            assertThat(dead)
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.cause()).isInstanceOf(TimeoutException.class));
        }
    }

    @Test
    @DisplayName("P6, P9: a timed-out attempt that does not end by the time of the next one times the delivery out")
    void P9_an_attempt_that_does_not_end_times_the_delivery_out() {
        List<DeadLetter> letters = new CopyOnWriteArrayList<>();
        AsyncEventCoordinator real = AsyncEventCoordinator.builder()
                .onDeadLetter(letters::add)
                .drainTimeout(Duration.ZERO)
                .build();
        AtomicBoolean release = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        AsyncListener<Object> stubborn = Listeners.stubborn(new CountDownLatch(1), release);
        try (real) {
            real.subscribeToEvent(
                    "e",
                    AsyncListener.withContext((a, context) -> {
                        calls.incrementAndGet();
                        return stubborn.onEvent(a, context);
                    }),
                    ListenerOptions.named("l")
                            .timeout(Duration.ofMillis(5))
                            .retry(THREE)
                            .concurrency(1));
            Publication<EventArguments> publication = real.publishEvent("e");
            Outcome outcome = publication.outcome().orTimeout(20, SECONDS).join();
            assertThat(outcome.results()).singleElement().isInstanceOf(TimedOut.class);
            assertThat(letters).hasSize(1);
            Publication<EventArguments> behind = real.publishEvent("e");
            assertThat(calls).hasValue(1);
            release.set(true);
            assertThat(behind.outcome().orTimeout(20, SECONDS).join().succeeded())
                    .isTrue();
            assertThat(calls).hasValue(2);
        } finally {
            release.set(true);
        }
    }

    @Test
    @DisplayName("P6: the publication's deadline ends a delivery that waits for another attempt")
    void P6_the_deadline_ends_waiting_for_another_attempt() {
        try (coordinator) {
            AtomicInteger calls = new AtomicInteger();
            coordinator.subscribeToEvent(
                    "e", failing(9, calls), ListenerOptions.named("l").retry(THREE));
            Publication<EventArguments> publication = coordinator.publishEvent(
                    "e", EventArguments.of(), PublishOptions.defaults().deadline(FIRST.dividedBy(2)));
            pass(FIRST.dividedBy(2));
            assertThat(settled(publication).results())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            TimedOut.class, r -> assertThat(r.attempts()).isEqualTo(1));
            pass(Duration.ofDays(1));
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    @DisplayName("P5: a delivery that waits for another attempt when its listener leaves is Failed with its last cause")
    void P5_closing_ends_waiting_for_another_attempt() {
        try (coordinator) {
            AtomicInteger calls = new AtomicInteger();
            Subscription subscription = coordinator.subscribeToEvent(
                    "e", failing(9, calls), ListenerOptions.named("l").retry(THREE));
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            subscription.close();
            background.runAll();
            assertThat(settled(publication).results()).singleElement().isInstanceOfSatisfying(Failed.class, r -> {
                assertThat(r.cause()).isSameAs(planted);
                assertThat(r.attempts()).isEqualTo(1);
            });
            pass(Duration.ofDays(1));
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    @DisplayName("P9: cancelling ends a delivery that waits for another attempt")
    void P9_cancelling_ends_waiting_for_another_attempt() {
        try (coordinator) {
            AtomicInteger calls = new AtomicInteger();
            coordinator.subscribeToEvent(
                    "e", failing(9, calls), ListenerOptions.named("l").retry(THREE));
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            assertThat(publication.cancel()).isTrue();
            assertThat(settled(publication).results())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Cancelled.class, r -> assertThat(r.attempts()).isEqualTo(1));
            pass(Duration.ofDays(1));
            assertThat(calls).hasValue(1);
            assertThat(dead).isEmpty();
        }
    }

    @Test
    @DisplayName("P9: a dead letter is retried at its own listener, with the same ids, and may succeed or come back")
    void P9_a_dead_letter_is_retried() {
        try (coordinator) {
            AtomicInteger calls = new AtomicInteger();
            AtomicInteger other = new AtomicInteger();
            List<String> keys = new ArrayList<>();
            coordinator.subscribeToEvent("e", failing(0, other), ListenerOptions.named("other"));
            coordinator.subscribeToEvent(
                    "e",
                    AsyncListener.withContext((a, context) -> {
                        keys.add(
                                context.idempotencyKey() + " " + context.event().id());
                        return calls.incrementAndGet() < 3
                                ? failedFuture(planted)
                                : completedFuture(a.get(0, String.class));
                    }),
                    ListenerOptions.named("l").retry(RetryPolicy.exponential(1)));
            coordinator.publishEvent("e", "ada");
            DeadLetter first = coordinator.deadLetters().list().get(0);

            DeliveryResult again = coordinator.deadLetters().retry(first.id()).join();
            assertThat(again).isInstanceOf(Failed.class);
            DeadLetter second = coordinator.deadLetters().list().get(0);
            assertThat(second.id()).isNotEqualTo(first.id());
            assertThat(second.event()).isSameAs(first.event());

            assertThat(coordinator.deadLetters().retry(second.id()).join())
                    .isInstanceOfSatisfying(
                            Succeeded.class, r -> assertThat(r.value()).isEqualTo("ada"));
            assertThat(coordinator.deadLetters().list()).isEmpty();
            assertThat(keys).hasSize(3).containsOnly(keys.get(0));
            assertThat(other).hasValue(1);
            assertThatThrownBy(() -> coordinator.deadLetters().retry(first.id()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(first.id());
        }
    }

    @Test
    @DisplayName("P9: a dead letter stays when nobody of its name listens, or the coordinator is closed")
    void P9_a_dead_letter_that_cannot_be_retried_stays() {
        Subscription subscription = coordinator.subscribeToEvent(
                "e", a -> failedFuture(planted), ListenerOptions.named("l").retry(RetryPolicy.exponential(1)));
        coordinator.publishEvent("e");
        String id = coordinator.deadLetters().list().get(0).id();
        subscription.close();
        assertThatThrownBy(() -> coordinator.deadLetters().retry(id))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no listener l is subscribed to e");
        coordinator.subscribeToEvent("e", a -> completedFuture(1), ListenerOptions.named("l"));
        coordinator.close();
        assertThatThrownBy(() -> coordinator.deadLetters().retry(id))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(id);
        assertThat(coordinator.deadLetters().list()).extracting(DeadLetter::id).containsExactly(id);
        assertThat(coordinator.deadLetters().discard(id)).isTrue();
        assertThat(coordinator.deadLetters().discard(id)).isFalse();
    }

    @Test
    @DisplayName("P9: a dead letter whose retry is not even tried stays: its listener is paused")
    void P9_a_dead_letter_that_is_not_tried_stays() {
        try (coordinator) {
            Subscription subscription = coordinator.subscribeToEvent(
                    "e", a -> failedFuture(planted), ListenerOptions.named("l").retry(RetryPolicy.exponential(1)));
            coordinator.publishEvent("e");
            DeadLetter letter = coordinator.deadLetters().list().get(0);
            subscription.pause();
            assertThat(coordinator.deadLetters().retry(letter.id()).join()).isInstanceOf(DeliveryResult.Skipped.class);
            assertThat(coordinator.deadLetters().list()).containsExactly(letter);
        }
    }

    @Test
    @DisplayName("P5: a delivery that waits for another attempt gives up when a listener after it closes its listener")
    void P5_closing_within_the_same_publication_ends_waiting_for_another_attempt() {
        try (coordinator) {
            AtomicInteger calls = new AtomicInteger();
            Subscription first = coordinator.subscribeToEvent(
                    "e",
                    failing(9, calls),
                    ListenerOptions.named("first").inline().retry(THREE));
            coordinator.subscribeToEvent(
                    "e",
                    a -> {
                        first.close();
                        return completedFuture("closed");
                    },
                    ListenerOptions.named("second").inline());
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            background.runAll();
            assertThat(settled(publication).results()).hasExactlyElementsOfTypes(Failed.class, Succeeded.class);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    @DisplayName("P9: dead letters are bounded: the oldest leaves, and is counted")
    void P9_dead_letters_are_bounded() {
        try (AsyncEventCoordinator small = AsyncEventCoordinator.builder()
                .deadLetterCapacity(3)
                .onDeadLetter(letter -> {
                    throw planted; // keeps nothing from anybody
                })
                .onUnobservedFailure(failure -> {})
                .build()) {
            small.subscribeToEvent(
                    "e",
                    a -> failedFuture(
                            new IllegalStateException(a.get(0, Integer.class).toString())),
                    ListenerOptions.named("l").inline().retry(RetryPolicy.exponential(1)));
            for (int i = 0; i < 10; i++) {
                small.publishEvent("e", i);
            }
            assertThat(small.deadLetters().list())
                    .extracting(letter -> letter.cause().getMessage())
                    .containsExactly("7", "8", "9");
            assertThat(small.deadLetters().dropped()).isEqualTo(7);
        }
    }

    @Test
    @DisplayName("P9: back-off doubles up to its maximum, with full jitter below it")
    void P9_backoff_doubles_with_full_jitter() {
        RetryPolicy policy = RetryPolicy.exponential(100).backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
        RetryPolicy exact = policy.jitter(0);
        assertThat(List.of(2, 3, 4, 5, 6, 7, 70, 100))
                .extracting(attempt -> exact.delayBefore(attempt).toMillis())
                .containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L, 1000L, 1000L);
        List<Long> drawn = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            drawn.add(policy.delayBefore(3).toNanos());
        }
        assertThat(drawn).allMatch(nanos -> nanos >= 0 && nanos <= 200_000_000);
        assertThat(drawn).anyMatch(nanos -> nanos < 50_000_000).anyMatch(nanos -> nanos > 150_000_000);
        RetryPolicy half = policy.jitter(0.5);
        for (int i = 0; i < 1_000; i++) {
            assertThat(half.delayBefore(2)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
        }
    }

    @Test
    @DisplayName("a retry policy refuses what makes no sense, and says what that was")
    void a_policy_refuses_nonsense() {
        assertThatThrownBy(() -> RetryPolicy.exponential(0)).hasMessage("attempts must be positive: 0");
        assertThatThrownBy(() -> THREE.jitter(1.5)).hasMessage("jitter must be between 0 and 1: 1.5");
        assertThatThrownBy(() -> THREE.jitter(Double.NaN)).hasMessage("jitter must be between 0 and 1: NaN");
        assertThatThrownBy(() -> THREE.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessage("first backoff must not be longer than max backoff: PT2S > PT1S");
        assertThatThrownBy(() -> THREE.backoff(Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessage("first backoff must be positive: PT0S");
        assertThatThrownBy(() -> THREE.delayBefore(1)).hasMessage("there is no wait before attempt 1");
        assertThat(THREE).hasToString("RetryPolicy[3 attempts, PT0.1S to PT1S, jitter 0.0]");
    }

    @Test
    @DisplayName("P9, P10: closing waits for attempts that are still to come")
    void P10_closing_waits_for_attempts_to_come() {
        AsyncEventCoordinator real = new AsyncEventCoordinator();
        AtomicInteger calls = new AtomicInteger();
        real.subscribeToEvent(
                "e",
                failing(2, calls),
                ListenerOptions.named("l").retry(THREE.backoff(Duration.ofMillis(2), Duration.ofMillis(5))));
        Publication<EventArguments> publication = real.publishEvent("e");
        assertThat(real.close(Waiting.LONG).cancelled()).isZero();
        assertThat(publication.outcome().orTimeout(20, SECONDS).join().succeeded())
                .isTrue();
        assertThat(calls).hasValue(3);
    }
}
