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
import dev.convoke.event.EventType;
import dev.convoke.event.Outcome;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Overflow;
import dev.convoke.listener.Subscription;
import dev.convoke.testing.Waiting;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Inline listeners that want nothing but the payload are called directly; what differs from there is in the same order. */
class DirectPublicationTest {
    private static final EventType<String> TEXT = EventType.of("text", String.class);
    private static final EventType<String> INNER = EventType.of("inner", String.class);
    private static final ListenerOptions INLINE = ListenerOptions.defaults().inline();

    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();
    private final IllegalStateException planted = new IllegalStateException("planted");
    private final List<String> heard = new ArrayList<>();

    @AfterEach
    void close() {
        coordinator.close(Duration.ZERO);
    }

    private Subscription subscribe(AsyncListener<? super String> listener) {
        return coordinator.subscribeToEvent(TEXT, listener, INLINE);
    }

    private AsyncListener<String> hears(String name) {
        return text -> {
            heard.add(name);
            return completedFuture(null);
        };
    }

    private static Outcome settled(Publication<?> publication) {
        return publication.outcome().orTimeout(20, SECONDS).join();
    }

    @Test
    @DisplayName(
            "P2: values, a failure, a stage that completes later and one that is cancelled are told apart, in order")
    void P2_results_in_order() {
        CompletableFuture<String> later = new CompletableFuture<>();
        CompletableFuture<String> never = new CompletableFuture<>();
        subscribe(text -> completedFuture(text + "!"));
        subscribe(text -> completedFuture(null));
        subscribe(text -> later);
        subscribe(text -> failedFuture(planted));
        subscribe(text -> {
            throw planted;
        });
        subscribe(text -> never.minimalCompletionStage());
        subscribe(text -> completedFuture(7));

        Publication<String> publication = coordinator.publishEvent(TEXT, "a");
        assertThat(publication.outcome()).isNotDone();
        assertThat(publication.gather()).isCompletedExceptionally();
        assertThat(publication.first().orTimeout(20, SECONDS).join()).isEqualTo("a!");
        later.complete("late");
        assertThat(publication.cancel()).isTrue();
        assertThat(publication.cancel()).isFalse();

        Outcome outcome = settled(publication);
        assertThat(outcome.results())
                .hasSize(7)
                .allSatisfy(result -> assertThat(result.attempts()).isEqualTo(1));
        assertThat(outcome.results().get(0)).isInstanceOfSatisfying(Succeeded.class, ok -> {
            assertThat(ok.value()).isEqualTo("a!");
            assertThat(ok.took()).isZero();
        });
        assertThat(outcome.results().get(1))
                .isInstanceOfSatisfying(
                        Succeeded.class, ok -> assertThat(ok.value()).isNull());
        assertThat(outcome.results().get(2)).isInstanceOfSatisfying(Succeeded.class, ok -> {
            assertThat(ok.value()).isEqualTo("late");
            assertThat(ok.took()).isPositive();
        });
        assertThat(outcome.failures()).hasSize(3);
        assertThat(outcome.results().subList(3, 5))
                .allSatisfy(result -> assertThat(((Failed) result).cause()).isSameAs(planted));
        assertThat(outcome.results().get(5)).isInstanceOf(Cancelled.class);
        assertThat(outcome.results().get(6))
                .isInstanceOfSatisfying(
                        Succeeded.class, ok -> assertThat(ok.value()).isEqualTo(7));
        assertThat(settled(publication)).isSameAs(outcome);
    }

    @Test
    @DisplayName("P2: a value that is a stage, or a result, is handed on as it is")
    void P2_values_that_look_like_ours() {
        CompletionStage<String> stage = new CompletableFuture<>();
        DeliveryResult result = new Skipped("x", Duration.ZERO, 0, Reason.PAUSED);
        CompletableFuture<Object> later = new CompletableFuture<>();
        subscribe(text -> completedFuture(stage));
        subscribe(text -> completedFuture(result));
        assertThat(coordinator.publishEvent(TEXT, "a").gather().join()).containsExactly(stage, result);

        subscribe(text -> later);
        Publication<String> publication = coordinator.publishEvent(TEXT, "a");
        later.complete(stage);
        assertThat(publication.gather().join()).containsExactly(stage, result, stage);
    }

    @Test
    @DisplayName("P5: a listener that an earlier one closes or pauses is skipped, also in the middle of a publication")
    void P5_closed_by_an_earlier_one() {
        List<Subscription> later = new ArrayList<>();
        subscribe(text -> {
            later.get(0).close();
            if (text.equals("a")) {
                later.get(1).pause();
            }
            return completedFuture(null);
        });
        later.add(subscribe(hears("closed")));
        later.add(subscribe(hears("paused")));
        subscribe(hears("open"));

        Outcome outcome = settled(coordinator.publishEvent(TEXT, "a"));

        assertThat(heard).containsExactly("open");
        assertThat(outcome.results().get(1))
                .isInstanceOfSatisfying(
                        Skipped.class, skipped -> assertThat(skipped.reason()).isEqualTo(Reason.UNSUBSCRIBED));
        assertThat(outcome.results().get(2))
                .isInstanceOfSatisfying(
                        Skipped.class, skipped -> assertThat(skipped.reason()).isEqualTo(Reason.PAUSED));
        later.get(1).resume();
        assertThat(settled(coordinator.publishEvent(TEXT, "b")).results()).hasSize(3);
        assertThat(heard).containsExactly("open", "paused", "open");
    }

    @Test
    @DisplayName("S5: a listener that is added in the middle of a publication waits for the next one")
    void S5_added_meanwhile() {
        subscribe(text -> {
            subscribe(hears("new"));
            return completedFuture(null);
        });
        subscribe(hears("old"));
        assertThat(settled(coordinator.publishEvent(TEXT, "a")).results()).hasSize(2);
        assertThat(heard).containsExactly("old");
    }

    @Test
    @DisplayName("P12: what inline listeners publish has the event around it for a parent, and a coordinator's own ids")
    void P12_parents() {
        try (AsyncEventCoordinator other = new AsyncEventCoordinator()) {
            List<Publication<?>> published = new ArrayList<>();
            subscribe(text -> {
                published.add(coordinator.publishEvent(INNER, text));
                published.add(other.publishEvent(INNER, text));
                return completedFuture(null);
            });
            coordinator.subscribeToEvent(
                    INNER,
                    text -> {
                        published.add(coordinator.publishEvent("innermost"));
                        return completedFuture(null);
                    },
                    INLINE);
            other.subscribeToEvent(INNER, hears("other"), INLINE);

            Publication<String> outer = coordinator.publishEvent(TEXT, "a");

            String id = outer.event().id();
            Publication<?> innermost = published.get(0);
            Publication<?> inner = published.get(1);
            Publication<?> others = published.get(2);
            assertThat(outer.event().parentId()).isEmpty();
            assertThat(inner.event().parentId()).contains(id);
            assertThat(innermost.event().parentId()).contains(inner.event().id());
            assertThat(others.event().parentId()).contains(id);
            assertThat(List.of(
                            id,
                            inner.event().id(),
                            innermost.event().id(),
                            others.event().id()))
                    .doesNotHaveDuplicates();
            assertThat(coordinator.publishEvent(TEXT, "b").event().parentId()).isEmpty();
        }
    }

    @Test
    @DisplayName("P12: an inline listener on an executor's thread has that delivery's event for a parent")
    void P12_inside_a_delivery() {
        AtomicReference<Publication<String>> inner = new AtomicReference<>();
        coordinator.subscribeToEvent(
                TEXT, AsyncListener.blocking(text -> inner.set(coordinator.publishEvent(INNER, text))));
        coordinator.subscribeToEvent(INNER, hears("inner"), INLINE);
        Publication<String> outer = coordinator.publishEvent(TEXT, "a");
        assertThat(settled(outer).succeeded()).isTrue();
        assertThat(inner.get().event().parentId()).contains(outer.event().id());
    }

    @Test
    @DisplayName("P7: the key of a keyed type is in the event, whoever asks for it and when")
    void P7_keys() {
        EventType<String> keyed = EventType.of("keyed", String.class).keyedBy(text -> text.charAt(0));
        coordinator.subscribeToEvent(keyed, hears("keyed"), INLINE);
        assertThat(coordinator.publishEvent(keyed, "abc").event().key()).contains("a");
        assertThat(heard).containsExactly("keyed");
    }

    @Test
    @DisplayName("P10: closing inside of a listener does not cancel what that listener has returned")
    void P10_closed_inside() {
        CompletableFuture<String> later = new CompletableFuture<>();
        subscribe(text -> {
            coordinator.close(Duration.ZERO);
            return later;
        });
        Publication<String> publication = coordinator.publishEvent(TEXT, "a");
        assertThat(later).isNotDone();
        later.complete("late");
        assertThat(publication.gather().join()).containsExactly("late");
    }

    @Test
    @DisplayName("P10: nor what others have returned before, or where a coordinator is called in between")
    void P10_closed_inside_after_others() {
        CompletableFuture<String> before = new CompletableFuture<>();
        CompletableFuture<String> later = new CompletableFuture<>();
        try (AsyncEventCoordinator other = new AsyncEventCoordinator()) {
            other.subscribeToEvent(TEXT, text -> other.publishEvent(INNER, text).gather(), INLINE);
            subscribe(text -> before);
            subscribe(text -> {
                coordinator.close(Duration.ZERO);
                other.publishEvent(TEXT, text);
                return later;
            });
            Publication<String> publication = coordinator.publishEvent(TEXT, "a");
            assertThat(before).isNotDone();
            before.complete("1");
            later.complete("2");
            assertThat(publication.gather().join()).containsExactly("1", "2");
        }
    }

    @Test
    @DisplayName("P10: closing inside of an inline listener does not wait for a closing that waits for that listener")
    void P10_a_second_closing_inside() {
        CompletableFuture<String> handled = new CompletableFuture<>();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch isClosing = new CountDownLatch(1);
        coordinator.subscribeToEvent(INNER, text -> handled);
        subscribe(text -> {
            inside.countDown();
            Waiting.on(isClosing);
            Waiting.until(() -> coordinator
                    .publishEvent("refused")
                    .outcome()
                    .join()
                    .refusal()
                    .isPresent());
            coordinator.close();
            handled.complete(text);
            return completedFuture(null);
        });
        Publication<String> awaited = coordinator.publishEvent(INNER, "a");
        CompletableFuture<?> walk = CompletableFuture.runAsync(() -> coordinator.publishEvent(TEXT, "b"));
        Waiting.on(inside);
        isClosing.countDown();
        assertThat(coordinator.close(Duration.ofSeconds(20)).cancelled()).isZero();
        assertThat(awaited.gather().join()).containsExactly("b");
        walk.orTimeout(20, SECONDS).join();
    }

    @Test
    @DisplayName("P8: a stage counts as in flight from its return on, also while other listeners are being called")
    void P8_a_stage_counts_from_its_return_on() {
        try (AsyncEventCoordinator tight = AsyncEventCoordinator.builder()
                .maxInFlight(1)
                .overflow(Overflow.REJECT)
                .build()) {
            CompletableFuture<String> later = new CompletableFuture<>();
            AtomicReference<Outcome> meanwhile = new AtomicReference<>();
            tight.subscribeToEvent(INNER, hears("elsewhere"));
            tight.subscribeToEvent(TEXT, text -> later, INLINE);
            tight.subscribeToEvent(
                    TEXT,
                    text -> CompletableFuture.runAsync(() -> meanwhile.set(settled(tight.publishEvent(INNER, text)))),
                    INLINE);
            Publication<String> publication = tight.publishEvent(TEXT, "a");
            Waiting.until(() -> meanwhile.get() != null);
            assertThat(meanwhile.get().failures()).hasSize(1);
            later.complete("late");
            assertThat(settled(publication).succeeded()).isTrue();
            assertThat(settled(tight.publishEvent(INNER, "b")).succeeded()).isTrue();
        }
    }

    @Test
    @DisplayName(
            "P8, S8: what an inline listener has another coordinator publish passes the bound that the listener's stage holds")
    void P8_a_bound_is_passed_through_another_coordinator() {
        try (AsyncEventCoordinator tight = AsyncEventCoordinator.builder()
                        .maxInFlight(1)
                        .overflow(Overflow.REJECT)
                        .build();
                AsyncEventCoordinator other = new AsyncEventCoordinator()) {
            CountDownLatch isPending = new CountDownLatch(1);
            tight.subscribeToEvent(INNER, text -> completedFuture(text + "!"));
            other.subscribeToEvent(TEXT, text -> {
                Waiting.on(isPending);
                return tight.publishEvent(INNER, text).gather();
            });
            tight.subscribeToEvent(TEXT, text -> other.publishEvent(TEXT, text).gather(), INLINE);
            Publication<String> publication = tight.publishEvent(TEXT, "a");
            isPending.countDown();
            assertThat(settled(publication).succeeded()).isTrue();
        }
    }

    @Test
    @DisplayName("P10: closing waits for what inline listeners have returned, and cancels it at the time-out")
    void P10_closing_waits() {
        CompletableFuture<String> never = new CompletableFuture<>();
        subscribe(text -> never);
        Publication<String> publication = coordinator.publishEvent(TEXT, "a");
        assertThat(coordinator.close(Duration.ofMillis(1)).cancelled()).isEqualTo(1);
        Waiting.until(never::isCancelled);
        assertThat(settled(publication).results().get(0)).isInstanceOf(Cancelled.class);
    }

    @Test
    @DisplayName("P5: draining a subscription waits for the stage that it has returned")
    void P5_draining() {
        CompletableFuture<String> later = new CompletableFuture<>();
        Subscription subscription = subscribe(text -> later);
        coordinator.publishEvent(TEXT, "a");
        assertThat(subscription.closeAndDrain(Duration.ofMillis(1))).isFalse();
        later.complete("late");
        assertThat(subscription.closeAndDrain(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    @DisplayName("P14: one type serves several coordinators at a time, and keeps none of them alive")
    void P14_one_type_for_several() {
        WeakReference<AsyncEventCoordinator> first = publishOnce();
        subscribe(hears("second"));
        Waiting.until(() -> {
            System.gc();
            coordinator.publishEvent(TEXT, "a");
            return first.get() == null;
        });
        assertThat(heard).startsWith("first", "second").doesNotContain("third");
        heard.clear();
        try (AsyncEventCoordinator third = new AsyncEventCoordinator()) {
            third.subscribeToEvent(TEXT, hears("third"), INLINE);
            third.publishEvent(TEXT, "a");
            coordinator.publishEvent(TEXT, "a");
        }
        assertThat(heard).containsExactly("third", "second");
    }

    private WeakReference<AsyncEventCoordinator> publishOnce() {
        AsyncEventCoordinator first = new AsyncEventCoordinator();
        first.subscribeToEvent(TEXT, hears("first"), INLINE);
        first.publishEvent(TEXT, "a");
        return new WeakReference<>(first);
    }
}
