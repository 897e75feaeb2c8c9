package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Cancelled;
import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.Skipped;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.DeliveryResult.TimedOut;
import dev.convoke.event.DrainReport;
import dev.convoke.event.Event;
import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.event.Outcome;
import dev.convoke.event.PublicationFailedException;
import dev.convoke.event.UnobservedFailure;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Subscription;
import dev.convoke.spi.CoordinatorObserver;
import dev.convoke.testing.Mode;
import dev.convoke.testing.Waiting;
import dev.convoke.testkit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What users of other event libraries know and look for, as it is here. */
class KnownBehaviourTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private final IllegalStateException atOnce = new IllegalStateException("at once");
    private final IllegalStateException later = new IllegalStateException("later");

    private final ManualTicker ticker = new ManualTicker();
    private final AtomicInteger late = new AtomicInteger();
    private final List<UnobservedFailure> unobserved = new CopyOnWriteArrayList<>();
    private final AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
            .ticker(ticker)
            .background(Runnable::run)
            .onUnobservedFailure(unobserved::add)
            .observer(new CoordinatorObserver() {
                @Override
                public void onLateCompletion(Event<?> event, String listener, Duration took) {
                    late.incrementAndGet();
                }
            })
            .build();

    @AfterEach
    void close() {
        coordinator.close(Duration.ZERO);
    }

    private static Outcome settled(Publication<?> publication) {
        return publication.outcome().orTimeout(20, SECONDS).join();
    }

    private Publication<EventArguments> publish(PublishOptions options) {
        return coordinator.publishEvent("e", EventArguments.of(), options);
    }

    // ---- known from Emittery ----

    @Test
    @DisplayName("one listener on several events has a subscription, and an id, for each; each is left by itself")
    void one_listener_on_several_events() {
        List<String> heard = new CopyOnWriteArrayList<>();
        AsyncListener<EventArguments> listener = AsyncListener.withContext((arguments, context) ->
                completedFuture(heard.add(context.event().type().name())));
        List<Subscription> all = Stream.of("placed", "paid", "sent")
                .map(name -> coordinator.subscribeToEvent(name, listener))
                .toList();
        assertThat(all).extracting(Subscription::listenerId).containsExactly("placed#1", "paid#1", "sent#1");

        all.get(1).close();
        Stream.of("placed", "paid", "sent").forEach(name -> settled(coordinator.publishEvent(name)));

        assertThat(heard).containsExactly("placed", "sent");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S2, P5: the same listener twice is two subscriptions; closing one, however often, leaves the other")
    void S2_the_same_listener_twice_is_left_one_by_one(Mode mode) {
        AtomicInteger runs = new AtomicInteger();
        AsyncListener<EventArguments> listener = arguments -> completedFuture(runs.incrementAndGet());
        Subscription first = coordinator.subscribeToEvent("e", listener, mode.named("first"));
        coordinator.subscribeToEvent("e", listener, mode.named("second"));
        assertThat(settled(coordinator.publishEvent("e")).results()).hasSize(2);

        first.close();
        first.close();

        assertThat(settled(coordinator.publishEvent("e")).results())
                .extracting(DeliveryResult::listener)
                .containsExactly("second");
        assertThat(runs).hasValue(3);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S5, P5: a listener that another one closes while the event is published is still in that outcome")
    void S5_a_listener_that_leaves_meanwhile(Mode mode) {
        List<Subscription> others = new ArrayList<>();
        coordinator.subscribeToEvent(
                "e",
                arguments -> {
                    others.forEach(Subscription::close);
                    return completedFuture("closed it");
                },
                ListenerOptions.named("closes").inline());
        others.add(coordinator.subscribeToEvent("e", arguments -> completedFuture("ran"), mode.named("leaves")));

        assertThat(settled(coordinator.publishEvent("e")).results())
                .hasExactlyElementsOfTypes(Succeeded.class, Skipped.class);
        assertThat(settled(coordinator.publishEvent("e")).results()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P2, P3: every error is collected, of listeners that throw at once and of those that fail later")
    void P3_every_error_is_collected(Mode mode) {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        CountDownLatch called = new CountDownLatch(2);
        coordinator.subscribeToEvent(
                "e",
                arguments -> {
                    called.countDown();
                    throw atOnce;
                },
                mode.named("throws"));
        coordinator.subscribeToEvent("e", arguments -> completedFuture("good"), mode.named("good"));
        coordinator.subscribeToEvent(
                "e",
                arguments -> {
                    called.countDown();
                    return stage;
                },
                mode.named("fails later"));
        Publication<EventArguments> publication = coordinator.publishEvent("e");
        Waiting.on(called);
        assertThat(publication.outcome()).isNotDone();
        stage.completeExceptionally(later);

        Outcome outcome = settled(publication);

        assertThat(outcome.failures()).extracting(r -> ((Failed) r).cause()).containsExactly(atOnce, later);
        assertThatThrownBy(outcome::orThrow)
                .isInstanceOf(PublicationFailedException.class)
                .hasCause(atOnce)
                .satisfies(e -> assertThat(e.getSuppressed()).containsExactly(later));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P15: once with a predicate waits for the first event that it wants; others do not use it up")
    void P15_once_with_a_predicate(Mode mode) {
        EventType<Integer> number = EventType.of("number", Integer.class);
        List<Integer> seen = new CopyOnWriteArrayList<>();
        coordinator.subscribeToEvent(
                number,
                n -> completedFuture(seen.add(n)),
                mode.named("first even").once().onlyIf(event -> (int) event.payload() % 2 == 0));
        for (int n : new int[] {1, 3, 4, 6}) {
            settled(coordinator.publishEvent(number, n));
        }
        assertThat(seen).containsExactly(4);
        assertThat(coordinator.listeners()).isEmpty();
    }

    // ---- known from pyee ----

    @Test
    @DisplayName("S1: whether anybody handled it is in the outcome: it is empty when nobody listens")
    void S1_whether_anybody_handled_it() {
        assertThat(settled(coordinator.publishEvent("e")).results()).isEmpty();
        Subscription subscription = coordinator.subscribeToEvent("e", arguments -> completedFuture(1));
        assertThat(settled(coordinator.publishEvent("e")).results()).isNotEmpty();
        subscription.close();
        assertThat(settled(coordinator.publishEvent("e")).results()).isEmpty();
    }

    @Test
    @DisplayName("P2, P4: cancelled is not failed: it is Cancelled, no success, and reported to nobody")
    void P4_cancelled_is_not_failed() {
        coordinator.subscribeToEvent("e", arguments -> new CompletableFuture<>());
        Publication<EventArguments> publication = coordinator.publishEvent("e");
        assertThat(publication.cancel()).isTrue();
        ticker.advance(SECOND.multipliedBy(10));

        assertThat(unobserved).isEmpty();
        assertThat(settled(publication).results()).hasOnlyElementsOfType(Cancelled.class);
        assertThat(settled(publication).results()).doesNotHaveAnyElementsOfTypes(Failed.class);
        assertThat(settled(publication).succeeded()).isFalse();
    }

    @Test
    @DisplayName("S1: the lists of listeners are copies: not to be changed, and not changing")
    void S1_the_lists_of_listeners_are_copies() {
        Subscription subscription = coordinator.subscribeToEvent("e", arguments -> completedFuture(1));
        List<ListenerInfo> list = coordinator.listeners("e");
        Map<String, List<ListenerInfo>> map = coordinator.listeners();
        assertThatThrownBy(list::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(map::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.get("e").clear()).isInstanceOf(UnsupportedOperationException.class);

        subscription.close();

        assertThat(list).hasSize(1);
        assertThat(map.get("e")).hasSize(1);
        assertThat(coordinator.listeners()).isEmpty();
    }

    // ---- known from bubus ----

    @ParameterizedTest
    @EnumSource
    @DisplayName("P6: the time-out of one listener leaves the others alone, and what comes late changes nothing")
    void P6_the_time_out_of_one_leaves_the_others(Mode mode) {
        CompletableFuture<Object> slow = new CompletableFuture<>();
        CompletableFuture<Object> patient = new CompletableFuture<>();
        CountDownLatch called = new CountDownLatch(2);
        coordinator.subscribeToEvent(
                "e", a -> shared(called, slow), mode.named("slow").timeout(SECOND));
        coordinator.subscribeToEvent("e", a -> shared(called, patient), mode.named("patient"));
        Publication<EventArguments> publication = coordinator.publishEvent("e");
        Waiting.on(called);
        Waiting.until(() -> slow.getNumberOfDependents() > 0);
        ticker.advance(SECOND);
        assertThat(publication.outcome()).isNotDone();

        slow.complete("too late");
        patient.complete("in time");

        Outcome outcome = settled(publication);
        assertThat(outcome.results()).hasExactlyElementsOfTypes(TimedOut.class, Succeeded.class);
        assertThat(((Succeeded) outcome.results().get(1)).value()).isEqualTo("in time");
    }

    /** A stage that others hold as well: a view of it, so that cancelling ends no more than that. */
    private static CompletableFuture<Object> shared(CountDownLatch called, CompletableFuture<Object> stage) {
        called.countDown();
        return stage.copy();
    }

    @Test
    @DisplayName("P6: a blocking listener that goes on after its time-out is counted as late, and its value is dropped")
    void P6_a_late_result_is_counted() {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        coordinator.subscribeToEvent(
                "e",
                AsyncListener.computing(arguments -> {
                    called.countDown();
                    awaitWhateverComes(release);
                    return "too late";
                }),
                ListenerOptions.defaults().timeout(SECOND));
        Publication<EventArguments> publication = coordinator.publishEvent("e");
        Waiting.on(called);
        ticker.advance(SECOND);
        Outcome outcome = settled(publication);
        assertThat(late).hasValue(0);

        release.countDown();

        Waiting.until(() -> late.get() == 1);
        assertThat(outcome.results()).hasOnlyElementsOfType(TimedOut.class);
        assertThat(settled(publication)).isSameAs(outcome);
    }

    private static void awaitWhateverComes(CountDownLatch release) {
        try {
            release.await();
        } catch (InterruptedException ignored) { // the time-out's
            awaitWhateverComes(release);
        }
    }

    @Test
    @DisplayName(
            "P6: the deadline of a publication is a hard cap: for listeners with longer time-outs, or none, or waiting")
    void P6_the_deadline_is_a_hard_cap() {
        coordinator.subscribeToEvent(
                "e",
                a -> new CompletableFuture<>(),
                ListenerOptions.named("longer").timeout(SECOND.multipliedBy(60)));
        coordinator.subscribeToEvent(
                "e",
                a -> new CompletableFuture<>(),
                ListenerOptions.named("none").inline());
        coordinator.subscribeToEvent(
                "e", a -> completedFuture(1), ListenerOptions.named("in time").inline());
        Publication<EventArguments> publication =
                publish(PublishOptions.defaults().deadline(SECOND));
        ticker.advance(SECOND.minusNanos(1));
        assertThat(publication.outcome()).isNotDone();
        ticker.advance(Duration.ofNanos(1));
        assertThat(settled(publication).results())
                .hasExactlyElementsOfTypes(TimedOut.class, TimedOut.class, Succeeded.class);
    }

    @Test
    @DisplayName(
            "P10: waiting until idle is closing: what is published inside listeners beforehand has run when it returns")
    void P10_closing_waits_until_idle() {
        AsyncEventCoordinator real = new AsyncEventCoordinator();
        AtomicInteger ran = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(3);
        CountDownLatch release = new CountDownLatch(1);
        real.subscribeToEvent("e", AsyncListener.blocking(arguments -> {
            int left = arguments.get(0, int.class);
            if (left > 0) {
                real.publishEvent("e", left - 1);
            }
            all.countDown();
            Waiting.on(release);
            ran.incrementAndGet();
        }));
        real.publishEvent("e", 2);
        Waiting.on(all);
        CompletableFuture<DrainReport> closing = CompletableFuture.supplyAsync(() -> real.close(Waiting.LONG));
        Waiting.until(
                () -> real.publishEvent("probe").outcome().join().refusal().isPresent());
        assertThat(closing).isNotDone();

        release.countDown();

        assertThat(closing.orTimeout(20, SECONDS).join().handled()).isEqualTo(3);
        assertThat(ran).hasValue(3);
    }

    // ---- known from Guava and MBassador ----

    @Test
    @DisplayName("P4: an error handler is told the event, the listener and the cause")
    void P4_an_error_handler_is_told_everything() {
        coordinator.subscribeToEvent(
                "e", a -> failedFuture(later), ListenerOptions.named("bad").inline());
        Publication<EventArguments> publication = coordinator.publishEvent("e", "argument");
        ticker.advance(SECOND);
        assertThat(unobserved).containsExactly(new UnobservedFailure(publication.event(), "bad", later));
    }
}
