package dev.convoke;

import static dev.convoke.listener.AsyncListener.blocking;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.DeliveryResult.Skipped;
import dev.convoke.event.Event;
import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.event.Refusal;
import dev.convoke.event.Unheard;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Subscription;
import dev.convoke.testing.Mode;
import dev.convoke.testkit.ManualExecutor;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatternTest {
    sealed interface Payment permits Card, Cash {}

    record Card(String number) implements Payment {}

    record Cash(int amount) implements Payment, Serializable {}

    private static final EventType<Card> CARD = EventType.of("payment.card", Card.class);
    private static final EventType<Cash> CASH = EventType.of("payment.cash", Cash.class);
    private static final EventType<Integer> NUMBER = EventType.of("number", int.class);
    private static final ListenerOptions INLINE = ListenerOptions.defaults().inline();

    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();
    private final Queue<Object> heard = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        coordinator.close();
    }

    private <E> AsyncListener<E> hears() {
        return payload -> {
            heard.add(payload);
            return completedFuture(payload);
        };
    }

    private static List<String> listenersIn(Publication<?> publication) {
        return publication.outcome().join().results().stream()
                .map(DeliveryResult::listener)
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P13: a pattern's listener gets each matching event once, with name, payload and envelope")
    void P13_a_patterns_listener_gets_each_matching_event_once(Mode mode) {
        coordinator.subscribeToEvents(
                "payment.*",
                event -> {
                    heard.add(event.type().name() + " " + event.payload());
                    return completedFuture(event);
                },
                mode.named("audit"));
        Publication<Card> card = coordinator.publishEvent(CARD, new Card("42"));
        assertThat(card.gather().join()).containsExactly(card.event());
        coordinator.publishEvent(CASH, new Cash(7)).outcome().join();
        coordinator.publishEvent("payment.arguments", 1).outcome().join();
        coordinator.publishEvent("payment").outcome().join();
        coordinator.publishEvent("payment.card.refused").outcome().join();
        assertThat(heard).hasSize(3).startsWith("payment.card Card[number=42]", "payment.cash Cash[amount=7]");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "P13: a payload's listener gets each payload of its class, superclass, interface or sealed interface once")
    void P13_a_payloads_listener_gets_each_instance_once(Mode mode) {
        coordinator.subscribeToPayload(Payment.class, hears(), mode.named("sealed"));
        coordinator.subscribeToPayload(Record.class, hears(), mode.named("superclass"));
        coordinator.subscribeToPayload(Serializable.class, hears(), mode.named("interface"));
        coordinator.subscribeToPayload(Cash.class, hears(), mode.named("class"));
        coordinator.subscribeToPayload(Object.class, hears(), mode.named("everything"));
        assertThat(listenersIn(coordinator.publishEvent(CARD, new Card("42"))))
                .containsExactly("sealed", "superclass", "everything");
        assertThat(listenersIn(coordinator.publishEvent(CASH, new Cash(7))))
                .containsExactly("sealed", "superclass", "interface", "class", "everything");
        assertThat(heard).hasSize(8);
    }

    @Test
    @DisplayName("P13: payloads are boxed and told apart at run time: primitives, arrays, positional arguments")
    void P13_payloads_are_told_apart_at_run_time() {
        coordinator.subscribeToPayload(int.class, hears(), ListenerOptions.named("int"));
        coordinator.subscribeToPayload(Number.class, hears(), ListenerOptions.named("number"));
        coordinator.subscribeToPayload(Object[].class, hears(), ListenerOptions.named("objects"));
        coordinator.subscribeToPayload(EventArguments.class, hears(), ListenerOptions.named("arguments"));
        assertThat(listenersIn(coordinator.publishEvent(NUMBER, 1))).containsExactly("int", "number");
        assertThat(listenersIn(coordinator.publishEvent(EventType.of("any", Object.class), 1L)))
                .containsExactly("number");
        assertThat(listenersIn(coordinator.publishEvent(EventType.of("s", String[].class), new String[0])))
                .containsExactly("objects");
        assertThat(listenersIn(coordinator.publishEvent("by-string", 1, 2))).containsExactly("arguments");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P13, S5: listeners of names, patterns and payloads are in one order, that of their subscriptions")
    void P13_there_is_one_order_of_subscriptions(Mode mode) {
        coordinator.subscribeToPayload(Payment.class, hears(), mode.named("1"));
        coordinator.subscribeToEvent(CARD, hears(), mode.named("2"));
        coordinator.subscribeToEvents("**", hears(), mode.named("3"));
        coordinator.subscribeToEvent(CARD, hears(), mode.named("4"));
        coordinator.subscribeToEvents("payment.*", hears(), mode.named("5"));
        coordinator.subscribeToPayload(Card.class, hears(), mode.named("6"));
        coordinator.subscribeToEvents("**", hears(), mode.named("7"));
        coordinator.subscribeToEvent(CARD, hears(), mode.named("8"));
        assertThat(listenersIn(coordinator.publishEvent(CARD, new Card("42"))))
                .containsExactly("1", "2", "3", "4", "5", "6", "7", "8");
        assertThat(heard).hasSize(8);
    }

    @Test
    @DisplayName("P13: a listener subscribed by name, pattern and payload type runs once for each subscription")
    void P13_once_per_subscription() {
        AtomicInteger runs = new AtomicInteger();
        AsyncListener<Object> counts = any -> completedFuture(runs.incrementAndGet());
        coordinator.subscribeToEvent(CARD, counts);
        coordinator.subscribeToEvents("payment.card", counts);
        coordinator.subscribeToEvents("**.**", counts);
        coordinator.subscribeToEvents("**.card", counts);
        coordinator.subscribeToPayload(Card.class, counts);
        coordinator.subscribeToPayload(Payment.class, counts);
        assertThat(coordinator.publishEvent(CARD, new Card("42")).gather().join())
                .hasSize(6);
        assertThat(runs).hasValue(6);
    }

    @Test
    @DisplayName("P13, S5: one that is subscribed while a publication runs waits for the next one")
    void P13_the_listeners_are_a_snapshot() {
        Subscription first = coordinator.subscribeToEvent(
                "e",
                a -> {
                    coordinator.subscribeToEvents("*", hears(), INLINE);
                    coordinator.subscribeToPayload(EventArguments.class, hears(), INLINE);
                    return completedFuture(null);
                },
                INLINE);
        assertThat(coordinator.publishEvent("e").outcome().join().results()).hasSize(1);
        assertThat(heard).isEmpty();
        first.close();
        assertThat(coordinator.publishEvent("e").outcome().join().results()).hasSize(2);
        assertThat(heard).hasSize(2);
    }

    @Test
    @DisplayName(
            "P13, P14: a pattern without wildcard is that name with any payload; patterns and payload types bind no name")
    void P13_patterns_bind_no_name() {
        coordinator.subscribeToEvents("number", hears(), INLINE);
        coordinator.subscribeToPayload(Integer.class, hears(), INLINE);
        coordinator.publishEvent("number", 1).outcome().join();
        coordinator.publishEvent(NUMBER, 1).outcome().join();
        Subscription binding = coordinator.subscribeToEvent(NUMBER, hears(), INLINE);
        assertThatThrownBy(() -> coordinator.publishEvent("number", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Integer");
        binding.close();
        coordinator.publishEvent("number", 1).outcome().join();
        coordinator.publishEvent("number.other", 1).outcome().join();
        assertThat(heard).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"or*der", "order.***", ""})
    @DisplayName("P13: a pattern that means nothing is refused, and leaves nothing behind")
    void P13_a_pattern_that_means_nothing_is_refused(String pattern) {
        assertThatThrownBy(() -> coordinator.subscribeToEvents(pattern, hears()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pattern");
        assertThat(coordinator.listeners()).isEmpty();
    }

    @Test
    @DisplayName("P13: wrong arguments are refused at once, as for one event")
    void P13_wrong_arguments_are_refused() {
        assertThatThrownBy(() -> coordinator.subscribeToEvents("*", blocking(e -> {}), INLINE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("events *")
                .hasMessageContaining("blocks");
        assertThatThrownBy(() -> coordinator.subscribeToPayload(Card.class, blocking(e -> {}), INLINE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Card")
                .hasMessageContaining("blocks");
        coordinator.close();
        assertThatThrownBy(() -> coordinator.subscribeToEvents("order.*", hears()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("order.*");
        assertThatThrownBy(() -> coordinator.subscribeToPayload(Card.class, hears()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Card");
    }

    @Test
    @DisplayName("P13: blocking listeners and those with a context are what they are behind a pattern, too")
    void P13_listeners_keep_their_kind() {
        coordinator.subscribeToEvents("blocking.*", blocking(event -> heard.add(event.payload())));
        coordinator.subscribeToEvents("context.*", AsyncListener.withContext((event, context) -> {
            assertThat(context.event()).isSameAs(event);
            return completedFuture(context.attempt());
        }));
        assertThat(coordinator.publishEvent("blocking.1").outcome().join().succeeded())
                .isTrue();
        assertThat(heard).hasSize(1);
        assertThat(coordinator.publishEvent("context.1").gather().join()).containsExactly(1);
    }

    @Test
    @DisplayName("P13, P16: a name that only a pattern or a payload type hears is heard; nobody hears it without them")
    void P13_what_only_a_pattern_hears_is_heard() {
        EventType<Card> strict = EventType.of("strict.card", Card.class).whenUnheard(Unheard.FAIL);
        assertThat(coordinator
                        .publishEvent(strict, new Card("1"))
                        .outcome()
                        .join()
                        .refusal())
                .contains(Refusal.UNHEARD);
        Subscription pattern = coordinator.subscribeToEvents("strict.*", hears());
        assertThat(coordinator
                        .publishEvent(strict, new Card("1"))
                        .outcome()
                        .join()
                        .refusal())
                .isEmpty();
        pattern.close();
        Subscription payload = coordinator.subscribeToPayload(Payment.class, hears());
        assertThat(coordinator
                        .publishEvent(strict, new Card("1"))
                        .outcome()
                        .join()
                        .refusal())
                .isEmpty();
        payload.close();
        coordinator.subscribeToEvents("loose.*", hears());
        coordinator.subscribeToPayload(Cash.class, hears());
        assertThat(coordinator
                        .publishEvent(strict, new Card("1"))
                        .outcome()
                        .join()
                        .refusal())
                .contains(Refusal.UNHEARD);
        assertThat(heard).hasSize(2);
    }

    @Test
    @DisplayName("P13, P5: a delivery to a pattern or payload type is skipped that has not started when it is closed")
    void P13_what_has_not_started_is_skipped() {
        ManualExecutor executor = new ManualExecutor();
        ListenerOptions options = ListenerOptions.defaults().executor(executor);
        List<Subscription> subscriptions = List.of(
                coordinator.subscribeToEvents("e.*", hears(), options),
                coordinator.subscribeToPayload(EventArguments.class, hears(), options));
        Publication<EventArguments> publication = coordinator.publishEvent("e.1");
        subscriptions.forEach(Subscription::close);
        executor.runAll();
        assertThat(publication.outcome().join().results())
                .hasSize(2)
                .allSatisfy(result -> assertThat(((Skipped) result).reason()).isEqualTo(Reason.UNSUBSCRIBED));
        assertThat(coordinator.publishEvent("e.1").outcome().join().results()).isEmpty();
        assertThat(heard).isEmpty();
    }

    @Test
    @DisplayName("P13, P5: subscriptions that come and go beside publications lose and double nothing")
    void P13_subscriptions_come_and_go_beside_publications() {
        AtomicInteger stayed = new AtomicInteger();
        coordinator.subscribeToEvents("e.**", event -> completedFuture(stayed.incrementAndGet()), INLINE);
        coordinator.subscribeToPayload(EventArguments.class, a -> completedFuture(stayed.incrementAndGet()), INLINE);
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (String segment : List.of("1", "2", "3")) {
            threads.add(CompletableFuture.runAsync(() -> comeAndGo(segment, 3_000)));
        }
        threads.forEach(t -> t.orTimeout(60, SECONDS).join());
        assertThat(stayed).hasValue(3 * 3_000 * 2 * 2); // threads, rounds, publications, subscriptions
        assertThat(coordinator.listeners()).containsOnlyKeys("e.**", EventArguments.class.getTypeName());
    }

    /** All threads share a row for a pattern and one for a payload type, and each has rows of its own. */
    private void comeAndGo(String segment, int rounds) {
        String name = "e." + segment;
        for (int i = 0; i < rounds; i++) {
            String mine = segment + "-" + i;
            ListenerOptions options = ListenerOptions.named(mine).inline();
            List<Subscription> subscriptions = List.of(
                    coordinator.subscribeToEvents("*.*", hears(), options),
                    coordinator.subscribeToEvent(name, hears(), options),
                    coordinator.subscribeToPayload(Object.class, hears(), options),
                    coordinator.subscribeToEvents("*." + segment, hears(), options));
            assertThat(listenersIn(coordinator.publishEvent(name)))
                    .filteredOn(mine::equals)
                    .hasSize(4);
            subscriptions.forEach(Subscription::close);
            assertThat(listenersIn(coordinator.publishEvent(name))).doesNotContain(mine);
        }
    }

    @Test
    @DisplayName(
            "P13, S1: the table has a row for each pattern and payload type while it has listeners, who are numbered")
    void P13_patterns_and_payload_types_are_in_the_table() {
        String card = Card.class.getTypeName();
        List<Subscription> subscriptions = List.of(
                coordinator.subscribeToEvents("order.**", hears()),
                coordinator.subscribeToEvents("order.**", hears()),
                coordinator.subscribeToPayload(Card.class, hears()),
                coordinator.subscribeToEvent("order.placed", hears()));
        assertThat(coordinator.listeners()).containsOnlyKeys("order.**", card, "order.placed");
        assertThat(coordinator.listeners("order.**"))
                .isEqualTo(coordinator.listeners().get("order.**"))
                .extracting(ListenerInfo::id)
                .containsExactly("order.**#1", "order.**#2");
        assertThat(coordinator.listeners(card)).singleElement().satisfies(info -> {
            assertThat(info.id()).isEqualTo(card + "#1");
            assertThat(info.event()).isEqualTo(card);
            assertThat(info.payloadType()).isEqualTo(Card.class);
        });
        assertThat(coordinator.listeners("order.**").get(0).payloadType()).isEqualTo(Event.class);
        assertThat(coordinator.listeners("order.other")).isEmpty();
        assertThat(coordinator.listeners("order.*")).isEmpty();
        assertThat(subscriptions.get(0)).hasToString("Subscription[order.**#1 to order.**]");
        subscriptions.forEach(Subscription::close);
        assertThat(coordinator.listeners()).isEmpty();
        assertThat(coordinator.listeners("order.**")).isEmpty();
    }

    @Test
    @DisplayName("P13: a name, a pattern and a payload type of the same text share a row, and no ids")
    void P13_the_same_text_is_one_row() {
        String text = Card.class.getTypeName();
        EventType<Card> named = EventType.of(text, Card.class);
        coordinator.subscribeToPayload(Card.class, hears());
        Subscription own = coordinator.subscribeToEvent(named, hears());
        coordinator.subscribeToEvents(text, hears());
        assertThat(coordinator.listeners()).containsOnlyKeys(text);
        List<String> ids = List.of(text + "#1", text + "#2", text + "#3");
        assertThat(coordinator.listeners(text)).extracting(ListenerInfo::id).isEqualTo(ids);
        assertThat(listenersIn(coordinator.publishEvent(named, new Card("1")))).isEqualTo(ids);
        own.close();
        assertThat(coordinator.publishEvent(text, 1).outcome().join().results()).hasSize(1);
        assertThat(coordinator.subscribeToEvent(named, hears()).listenerId()).isEqualTo(text + "#4");
    }

    @Test
    @DisplayName("P13, S1: a million names that only a pattern hears leave nothing behind")
    void P13_names_leave_nothing_behind() {
        AtomicInteger count = new AtomicInteger();
        coordinator.subscribeToEvents("**", event -> completedFuture(count.incrementAndGet()), INLINE);
        coordinator.subscribeToPayload(EventArguments.class, a -> completedFuture(count.incrementAndGet()), INLINE);
        EventArguments none = EventArguments.of();
        for (int i = 0; i < 1_000_000; i++) {
            coordinator.publishEvent("user." + i + ".seen", none);
        }
        assertThat(count).hasValue(2_000_000);
        assertThat(coordinator.listeners()).containsOnlyKeys("**", EventArguments.class.getTypeName());
    }

    @Test
    @DisplayName("P13, P15: a pattern listener that runs once runs for one event of all that match, and is gone after")
    void P15_once_by_a_pattern() {
        try (AsyncEventCoordinator real = new AsyncEventCoordinator()) {
            List<String> heard = new CopyOnWriteArrayList<>();
            ListenerOptions once = ListenerOptions.named("once").inline().once();
            real.subscribeToEvents(
                    "order.*", event -> completedFuture(heard.add(event.type().name())), once);
            real.subscribeToPayload(
                    EventArguments.class,
                    a -> completedFuture(heard.add("payload")),
                    ListenerOptions.named("p").inline().once());
            real.publishEvent("order.a");
            real.publishEvent("order.b");
            assertThat(heard).containsExactly("order.a", "payload");
            assertThat(real.listeners()).isEmpty();
        }
    }

    @Test
    @DisplayName("P13: a paused pattern listener skips what matches, and is ordered, bounded and retried as others are")
    void P13_options_apply_to_patterns() {
        try (AsyncEventCoordinator real =
                AsyncEventCoordinator.builder().executor(Runnable::run).build()) {
            List<String> heard = new CopyOnWriteArrayList<>();
            CompletableFuture<Object> first = new CompletableFuture<>();
            Subscription subscription = real.subscribeToEvents(
                    "**",
                    event -> {
                        heard.add(event.type().name());
                        return heard.size() == 1 ? first : completedFuture(1);
                    },
                    ListenerOptions.named("l").ordered());
            real.publishEvent("a");
            real.publishEvent("b");
            assertThat(heard).containsExactly("a");
            first.complete(1);
            assertThat(heard).containsExactly("a", "b");
            subscription.pause();
            assertThat(real.publishEvent("c").outcome().join().results())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            DeliveryResult.Skipped.class,
                            r -> assertThat(r.reason()).isEqualTo(DeliveryResult.Reason.PAUSED));
            subscription.resume();
            real.publishEvent("d");
            assertThat(heard).containsExactly("a", "b", "d");
        }
    }
}
