package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.event.Outcome;
import dev.convoke.event.PublicationRefusedException;
import dev.convoke.event.Refusal;
import dev.convoke.event.TypeRef;
import dev.convoke.event.Unheard;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.EventContext;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Subscription;
import dev.convoke.spi.CoordinatorObserver;
import dev.convoke.testing.Mode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventTest {
    private record Order(String customer, int total) {}

    private static final EventType<Order> ORDER =
            EventType.of("order.placed", Order.class).keyedBy(Order::customer);

    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();

    @AfterEach
    void close() {
        coordinator.close();
    }

    @Test
    @DisplayName("an event carries what its publisher said, and what its type makes of the payload")
    void an_event_carries_what_its_publisher_said() {
        Order order = new Order("ada", 3);
        Event<Order> plain = coordinator.publishEvent(ORDER, order).event();
        assertThat(plain.payload()).isSameAs(order);
        assertThat(plain.type()).isSameAs(ORDER);
        assertThat(plain.key()).contains("ada");
        assertThat(plain.attributes()).isEmpty();
        assertThat(plain.parentId()).isEmpty();
        assertThat(plain.id())
                .isNotEqualTo(coordinator.publishEvent(ORDER, order).event().id());

        PublishOptions options = PublishOptions.defaults()
                .id("o-1")
                .key("c-42")
                .source(URI.create("/shop"))
                .attribute("tenant", "a")
                .attribute("region", "eu")
                .deadline(Duration.ofSeconds(1));
        Event<Order> full = coordinator.publishEvent(ORDER, order, options).event();
        assertThat(full.id()).isEqualTo("o-1");
        assertThat(full.key()).contains("c-42");
        assertThat(full.source()).isEqualTo(URI.create("/shop"));
        assertThat(full.attributes()).isEqualTo(Map.of("tenant", "a", "region", "eu"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P12: the publication that caused another is its parent")
    void P12_the_cause_is_the_parent(Mode mode) {
        AtomicReference<Event<?>> inner = new AtomicReference<>();
        coordinator.subscribeToEvent(
                "outer",
                a -> {
                    Publication<EventArguments> publication = coordinator.publishEvent("inner");
                    inner.set(publication.event());
                    return publication.gather();
                },
                mode.named("outer"));
        coordinator.subscribeToEvent("inner", a -> completedFuture(1), mode.named("inner"));

        Publication<EventArguments> outer = coordinator.publishEvent("outer");
        outer.outcome().orTimeout(20, SECONDS).join();

        assertThat(inner.get().parentId()).contains(outer.event().id());
        assertThat(coordinator.publishEvent("inner").event().parentId()).isEmpty();
    }

    @Test
    @DisplayName("P12: a continuation on another thread names its cause with causedBy")
    void P12_causedBy_names_the_cause() {
        AtomicReference<EventContext> context = new AtomicReference<>();
        coordinator.subscribeToEvent("outer", AsyncListener.withContext((a, c) -> {
            context.set(c);
            return completedFuture(1);
        }));
        Publication<EventArguments> outer = coordinator.publishEvent("outer");
        outer.outcome().orTimeout(20, SECONDS).join();

        Event<?> inner = coordinator
                .publishEvent(
                        "inner", EventArguments.of(), PublishOptions.defaults().causedBy(context.get()))
                .event();

        assertThat(inner.parentId()).contains(outer.event().id());
    }

    @Test
    @DisplayName("P12: an endless chain of events knows its parent at every step, and holds no more than the last ones")
    void P12_an_endless_chain_keeps_its_parents() {
        List<Event<?>> events = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        coordinator.subscribeToEvent("tick", a -> {
            int left = a.get(0, Integer.class);
            if (left == 0) {
                end.complete(null);
            } else {
                events.add(coordinator.publishEvent("tick", left - 1).event());
            }
            return completedFuture(left);
        });
        events.add(coordinator.publishEvent("tick", 500).event());
        end.orTimeout(20, SECONDS).join();
        coordinator.close(); // whoever published the last one may not have noted it yet

        events.sort((x, y) -> argument(y) - argument(x));
        for (int i = 1; i < events.size(); i++) {
            assertThat(events.get(i).parentId()).contains(events.get(i - 1).id());
        }
    }

    private static int argument(Event<?> event) {
        return ((EventArguments) event.payload()).get(0, Integer.class);
    }

    // ---- P14 ----

    @Test
    @DisplayName("P14: a name is bound to the payload type of its first listener, and released with its last")
    void P14_a_name_is_bound_to_one_payload_type() {
        EventType<String> other = EventType.of("order.placed", String.class);
        Subscription first = coordinator.subscribeToEvent(ORDER, order -> completedFuture(1));
        Subscription second = coordinator.subscribeToEvent(ORDER, order -> completedFuture(2));

        assertThatThrownBy(() -> coordinator.subscribeToEvent(other, text -> completedFuture(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("event order.placed")
                .hasMessageContaining(Order.class.getTypeName())
                .hasMessageContaining("java.lang.String");
        assertThatThrownBy(() -> coordinator.publishEvent(other, "text")).hasMessageContaining("java.lang.String");
        assertThatThrownBy(() -> coordinator.publishEvent("order.placed", "text"))
                .hasMessageContaining(EventArguments.class.getTypeName());
        assertThatThrownBy(() -> coordinator.subscribeToEvent("order.placed", a -> completedFuture(4)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(coordinator.listeners("order.placed")).hasSize(2);

        first.close();
        second.close();
        coordinator.subscribeToEvent(other, text -> completedFuture(text.length()));
        assertThat(coordinator
                        .publishEvent(other, "text")
                        .gather()
                        .orTimeout(20, SECONDS)
                        .join())
                .containsExactly(4);
    }

    @Test
    @DisplayName("P14: a string-named event has the payload type EventArguments, and payloads are shared")
    void P14_a_string_named_event_carries_arguments() {
        List<EventArguments> seen = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 2; i++) {
            coordinator.subscribeToEvent("e", a -> completedFuture(seen.add(a)));
        }
        EventArguments arguments = EventArguments.of(1).with("two", 2);
        coordinator
                .publishEvent("e", arguments)
                .outcome()
                .orTimeout(20, SECONDS)
                .join();

        assertThat(seen).hasSize(2).allSatisfy(a -> assertThat(a).isSameAs(arguments));
        assertThat(coordinator.listeners("e").get(0).payloadType()).isEqualTo(EventArguments.class);
        coordinator.subscribeToEvent(EventType.of("e", EventArguments.class), a -> completedFuture(3));
        assertThat(coordinator.listeners("e")).hasSize(3);
    }

    @Test
    @DisplayName("P14: a generic payload type is named by a TypeRef, and is another one than its raw class")
    void P14_generic_payload_types() {
        EventType<List<Order>> orders = EventType.of("orders", new TypeRef<List<Order>>() {});
        coordinator.subscribeToEvent(orders, list -> completedFuture(list.get(0).total()));

        assertThat(coordinator
                        .publishEvent(orders, List.of(new Order("ada", 7)))
                        .gather()
                        .orTimeout(20, SECONDS)
                        .join())
                .containsExactly(7);
        EventType<List<String>> texts = EventType.of("orders", new TypeRef<List<String>>() {});
        assertThatThrownBy(() -> coordinator.publishEvent(texts, List.of("x"))).hasMessageContaining("java.util.List<");
        assertThat(EventType.of("n", int.class).payloadType()).isEqualTo(Integer.class);
    }

    // ---- P16 ----

    @Test
    @DisplayName("P16: a publication with no listener follows the policy of its type")
    void P16_unheard_publications_follow_the_policy() {
        Outcome ignored =
                coordinator.publishEvent(ORDER, new Order("a", 1)).outcome().join();
        assertThat(ignored.succeeded()).isTrue();
        assertThat(ignored.refusal()).isEmpty();

        Outcome warned = coordinator
                .publishEvent(ORDER.whenUnheard(Unheard.WARN), new Order("a", 1))
                .outcome()
                .join();
        assertThat(warned.succeeded()).isTrue();

        Publication<Order> failed = coordinator.publishEvent(ORDER.whenUnheard(Unheard.FAIL), new Order("a", 1));
        assertThat(failed.outcome().join().refusal()).contains(Refusal.UNHEARD);
        assertThat(failed.outcome().join().succeeded()).isFalse();
        for (CompletableFuture<?> future : List.of(failed.gather(), failed.first(), failed.accepted())) {
            assertThatThrownBy(future::join)
                    .hasCauseInstanceOf(PublicationRefusedException.class)
                    .hasMessageContaining("event order.placed was refused: nobody listens");
        }
        assertThatThrownBy(() -> failed.outcome().join().orThrow())
                .isInstanceOfSatisfying(
                        PublicationRefusedException.class,
                        e -> assertThat(e.refusal()).isEqualTo(Refusal.UNHEARD));
    }

    @Test
    @DisplayName("P16: once somebody listens, the policy does not matter")
    void P16_a_heard_publication_is_not_refused() {
        EventType<Order> strict = ORDER.whenUnheard(Unheard.FAIL);
        coordinator.subscribeToEvent(strict, order -> completedFuture(order.total()));

        assertThat(coordinator
                        .publishEvent(strict, new Order("a", 1))
                        .gather()
                        .orTimeout(20, SECONDS)
                        .join())
                .containsExactly(1);
    }

    // ---- the observer ----

    @Test
    @DisplayName("an observer sees a publication from its start to its outcome, in order, and may fail")
    void an_observer_sees_everything() {
        List<String> seen = new CopyOnWriteArrayList<>();
        CoordinatorObserver observer = new CoordinatorObserver() {
            @Override
            public void onPublish(Event<?> event, int listeners) {
                seen.add("publish " + event.type().name() + " to " + listeners);
            }

            @Override
            public void onStart(Event<?> event, String listener, int attempt) {
                seen.add("start " + listener + " " + attempt);
            }

            @Override
            public void onResult(Event<?> event, DeliveryResult result) {
                seen.add("result " + result.getClass().getSimpleName());
            }

            @Override
            public void onOutcome(Event<?> event, Outcome outcome) {
                seen.add("outcome " + outcome.succeeded());
                throw new IllegalStateException("planted");
            }
        };
        try (AsyncEventCoordinator observed = AsyncEventCoordinator.builder()
                .observer(observer)
                .observer(new CoordinatorObserver() {})
                .build()) {
            observed.subscribeToEvent(
                    "e", a -> completedFuture(1), ListenerOptions.named("a").inline());
            observed.subscribeToEvent("e", a -> null, ListenerOptions.named("b").inline());
            observed.publishEvent("e").outcome().join();
        }
        assertThat(seen)
                .containsExactly(
                        "publish e to 2",
                        "start a 1",
                        "result Succeeded",
                        "start b 1",
                        "result Failed",
                        "outcome false");
    }

    @Test
    @DisplayName("arguments are equal by what they hold, and may hold null")
    void arguments_are_values() {
        EventArguments arguments = EventArguments.of("a", null).with("n", null);
        assertThat(arguments)
                .isEqualTo(EventArguments.of("a", null).with("n", null))
                .hasSameHashCodeAs(EventArguments.of("a", null).with("n", null));
        assertThat(arguments.get(1, String.class)).isNull();
        assertThat(arguments.find("n", String.class)).isEmpty();
        assertThat(arguments.find("missing", String.class)).isEmpty();
        assertThat(EventArguments.of(1).with("n", 2).find("n", int.class)).contains(2);
        assertThatThrownBy(() -> arguments.get(1, int.class)).hasMessageContaining("expected int, actual null");
        List<Object> positional = new ArrayList<>(arguments.positional());
        assertThat(positional).containsExactly("a", null);
        assertThatThrownBy(() -> arguments.named().put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
    }
}
