package dev.convoke;

import static dev.convoke.listener.AsyncListener.blocking;
import static dev.convoke.listener.AsyncListener.computing;
import static dev.convoke.listener.AsyncListener.withContext;
import static dev.convoke.listener.ListenerOptions.named;
import static dev.convoke.testing.Waiting.until;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Accepted;
import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.Skipped;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.Outcome;
import dev.convoke.event.PublicationNotAcceptedException.Certainty;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Subscription;
import dev.convoke.spi.ContextCarrier;
import dev.convoke.spi.ContextCarrier.Captured;
import dev.convoke.spi.ContextCarrier.Scope;
import dev.convoke.spi.CoordinatorObserver;
import dev.convoke.spi.DurableListener;
import dev.convoke.spi.EventJournal.Interest;
import dev.convoke.testing.FakeJournal;
import dev.convoke.testkit.Recording;
import dev.convoke.testkit.RecordingCoordinator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Durable listeners, as their coordinator has them for the journal. */
class DurableListenerTest {
    private static final EventType<String> PLACED = EventType.of("order.placed", String.class);
    private static final AsyncListener<Object> NOTHING = payload -> completedFuture(null);
    private static final ThreadLocal<@Nullable String> USER = new ThreadLocal<>();

    private final FakeJournal journal = new FakeJournal();
    private final Told told = new Told();
    private AsyncEventCoordinator coordinator =
            AsyncEventCoordinator.builder().journal(journal).observer(told).build();

    @AfterEach
    void close() {
        USER.remove();
        coordinator.close(Duration.ZERO);
    }

    private void build(ContextCarrier... carriers) {
        coordinator.close();
        AsyncEventCoordinator.Builder builder = AsyncEventCoordinator.builder().journal(journal);
        List.of(carriers).forEach(builder::contextCarrier);
        coordinator = builder.build();
    }

    private static Outcome settled(Publication<?> publication) {
        return publication.outcome().orTimeout(20, SECONDS).join();
    }

    private Event<String> accepted(String payload) {
        Publication<String> publication = coordinator.publishEvent(PLACED, payload);
        publication.accepted().orTimeout(20, SECONDS).join();
        settled(publication);
        return publication.event();
    }

    // ---- subscribing ----

    @Test
    @DisplayName("S2: a durable listener is with the journal before publications find it")
    void S2_a_durable_listener_is_with_the_journal_first() {
        List<Outcome> meanwhile = new ArrayList<>();
        List<Object> listed = new ArrayList<>();
        journal.onSubscribe = listener -> {
            meanwhile.add(settled(coordinator.publishEvent(PLACED, "1")));
            listed.addAll(coordinator.listeners(PLACED.name()));
            listed.addAll(coordinator.listeners().keySet());
        };
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());

        assertThat(meanwhile)
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.results()).isEmpty());
        assertThat(listed).isEmpty();
        assertThat(settled(coordinator.publishEvent(PLACED, "2")).result("billing"))
                .containsInstanceOf(Accepted.class);
    }

    @Test
    @DisplayName(
            "S2: a durable listener that subscribes for long is behind those that have been subscribed before it is found")
    void S2_a_durable_listener_is_in_its_place() {
        coordinator.subscribeToEvent(PLACED, NOTHING, named("first"));
        journal.onSubscribe = listener -> {
            coordinator.subscribeToEvent(PLACED, NOTHING, named("second"));
            coordinator.subscribeToEvents("order.*", NOTHING, named("third"));
        };
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        coordinator.subscribeToEvent(PLACED, NOTHING, named("last"));

        assertThat(settled(coordinator.publishEvent(PLACED, "1")).results())
                .extracting(DeliveryResult::listener)
                .containsExactly("first", "second", "third", "billing", "last");
    }

    @Test
    @DisplayName("a durable listener that the journal does not take is not subscribed, and its name is free")
    void what_the_journal_does_not_take_is_not_subscribed() {
        journal.onSubscribe = listener -> {
            throw new IllegalStateException("planted");
        };
        assertThatThrownBy(() -> coordinator.subscribeToEvent(
                        PLACED, NOTHING, named("billing").durable()))
                .hasMessage("planted");
        assertThat(coordinator.listeners()).isEmpty();
        journal.onSubscribe = listener -> {};

        EventType<Integer> other = EventType.of(PLACED.name(), Integer.class);
        coordinator.subscribeToEvent(other, NOTHING, named("billing").durable());

        assertThat(settled(coordinator.publishEvent(other, 1)).results()).hasSize(1);
    }

    @Test
    @DisplayName("a durable listener leaves the journal again where the coordinator was closed meanwhile")
    void a_durable_listener_leaves_where_the_coordinator_was_closed() {
        journal.onSubscribe = listener -> coordinator.close();
        assertThatThrownBy(() -> coordinator.subscribeToEvent(
                        PLACED, NOTHING, named("billing").durable()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("closed", "billing");

        assertThat(journal.listeners).isEmpty();
        assertThat(coordinator.listeners()).isEmpty();
    }

    @Test
    @DisplayName("what is wrong with a durable listener already here is said without the journal")
    void what_is_wrong_here_is_said_without_the_journal() {
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        journal.calls.clear();

        ListenerOptions taken = named("billing").durable();
        assertThatThrownBy(() -> coordinator.subscribeToEvent("other", NOTHING, taken))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is a durable listener billing already");
        EventType<Integer> clash = EventType.of(PLACED.name(), Integer.class);
        assertThatThrownBy(() -> coordinator.subscribeToEvent(
                        clash, NOTHING, named("mail").durable()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("payload type");
        assertThat(coordinator.listeners()).containsOnlyKeys(PLACED.name());
        coordinator.close();
        assertThatThrownBy(() -> coordinator.subscribeToEvent(
                        PLACED, NOTHING, named("mail").durable()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(journal.calls).containsExactly("stop", "close");
    }

    @Test
    @DisplayName("P5: a durable listener leaves its event first and then the journal, once, and its name is free")
    void P5_a_durable_listener_leaves_once() {
        Subscription first =
                coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        first.close();
        assertThat(journal.listeners).isEmpty();
        Subscription second =
                coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());

        first.close();

        assertThat(journal.calls).containsExactly("start", "subscribe billing", "leave billing", "subscribe billing");
        assertThat(settled(coordinator.publishEvent(PLACED, "1")).result("billing"))
                .isPresent();
        assertThat(second.closeAndDrain(Duration.ZERO)).isTrue();
        assertThat(settled(coordinator.publishEvent(PLACED, "2")).results()).isEmpty();
    }

    @Test
    @DisplayName("the journal knows a durable listener as it was subscribed")
    void the_journal_knows_the_listener_itself() {
        AsyncListener<Event<?>> audit = event -> completedFuture(null);
        coordinator.subscribeToEvents(
                "order.**", audit, named("audit").durable().ordered());
        DurableListener listener = journal.listener("audit");

        assertThat(listener.listener()).isSameAs(audit);
        assertThat(listener.type()).isNull();
        assertThat(listener.subscribedTo()).isEqualTo("order.**");
        assertThat(listener.options().isOrdered()).isTrue();
    }

    @Test
    @DisplayName(
            "P5: a paused durable listener is listed as paused, and publications are handed to the journal meanwhile")
    void P5_a_paused_durable_listener_holds() {
        Subscription billing =
                coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        billing.pause();
        Event<String> event = accepted("1");

        assertThat(coordinator.listeners(PLACED.name()))
                .extracting(ListenerInfo::paused)
                .containsExactly(true);
        assertThat(journal.appended).containsExactly(event);
        assertThat(journal.listener("billing").isReady()).isFalse();
        assertThat(journal.attempt("billing", event, 1)).isInstanceOf(Skipped.class);
        billing.resume();
        assertThat(coordinator.listeners(PLACED.name()))
                .extracting(ListenerInfo::paused)
                .containsExactly(false);
        assertThat(journal.deliver("billing", event)).isInstanceOf(Succeeded.class);
    }

    // ---- its deliveries ----

    @Test
    @DisplayName(
            "a durable listener's context has the idempotency key, the attempt and the resource that its journal says")
    void the_context_says_what_the_journal_says() {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(
                PLACED,
                withContext((payload, context) -> {
                    seen.add(context.idempotencyKey());
                    seen.add(context.attempt() + "");
                    seen.add(context.resource(FakeJournal.class).isPresent() + "");
                    return completedFuture(null);
                }),
                named("billing").durable());
        Event<String> event = accepted("1");

        journal.attempt("billing", event, 3);

        assertThat(seen).containsExactly("key of " + event.id(), "3", "true");
    }

    @Test
    @DisplayName("the predicate of a durable listener does not run on the journal's thread")
    void the_predicate_does_not_run_on_the_journals_thread() {
        Queue<Thread> asked = new ConcurrentLinkedQueue<>();
        ListenerOptions picky = named("billing").durable().onlyIf(event -> {
            asked.add(Thread.currentThread());
            return event.payload().equals("wanted");
        });
        coordinator.subscribeToEvent(PLACED, NOTHING, picky);

        assertThat(journal.deliver("billing", accepted("wanted"))).isInstanceOf(Succeeded.class);
        assertThat(journal.deliver("billing", accepted("other"))).isInstanceOf(Skipped.class);
        assertThat(asked).hasSize(2).doesNotContain(Thread.currentThread());
    }

    /** What an observer is told, but for the ids of events. */
    private static final class Told implements CoordinatorObserver {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        public void onPublish(Event<?> event, int listeners) {
            lines.add("publish to " + listeners);
        }

        @Override
        public void onStart(Event<?> event, String listener, int attempt) {
            lines.add("start " + listener + " " + attempt);
        }

        @Override
        public void onRetry(Event<?> event, DeliveryResult failed, int attempt, Duration delay) {
            lines.add("retry " + attempt + " in " + delay.toMillis() + " after "
                    + failed.getClass().getSimpleName());
        }

        @Override
        public void onResult(Event<?> event, DeliveryResult result) {
            lines.add(result.getClass().getSimpleName() + " " + result.listener());
        }

        @Override
        public void onOutcome(Event<?> event, Outcome outcome) {
            lines.add("outcome "
                    + outcome.results().stream()
                            .map(result -> result.getClass().getSimpleName())
                            .toList());
        }
    }

    @Test
    @DisplayName("an observer is told of each start of a durable listener, each retry, and one result at the end")
    void an_observer_is_told_of_a_durable_listener_as_of_others() {
        coordinator.subscribeToEvent(
                PLACED,
                withContext((payload, context) -> context.attempt() == 1
                        ? failedFuture(new IllegalStateException("planted"))
                        : completedFuture(null)),
                named("billing").durable());
        Event<String> event = accepted("1");
        assertThat(told.lines).containsExactly("publish to 1", "outcome [Accepted]");
        told.lines.clear();

        DeliveryResult failed = journal.attempt("billing", event, 1);
        assertThat(failed).isInstanceOf(Failed.class);
        journal.listener("billing").retried(event, failed, 2, Duration.ofMillis(20));
        DeliveryResult last = journal.attempt("billing", event, 2);
        assertThat(told.lines).containsExactly("start billing 1", "retry 2 in 20 after Failed", "start billing 2");
        journal.listener("billing").ended(event, last);

        assertThat(told.lines).endsWith("Succeeded billing").hasSize(4);
    }

    @ParameterizedTest
    @EnumSource(Certainty.class)
    @DisplayName(
            "an observer is told at publish of what the journal certainly does not have, and of nothing that may still run")
    void an_observer_is_told_of_what_is_certainly_not_stored(Certainty certainty) {
        journal.onAppend = event -> FakeJournal.refused(event, certainty);
        coordinator.subscribeToEvent(PLACED, NOTHING, named("billing").durable());
        settled(coordinator.publishEvent(PLACED, "1"));

        assertThat(told.lines)
                .containsExactlyElementsOf(
                        certainty == Certainty.REJECTED
                                ? List.of("publish to 1", "Rejected billing", "outcome [Rejected]")
                                : List.of("publish to 1", "outcome [Rejected]"));
    }

    @Test
    @DisplayName("a publication is recorded as finished when the journal has accepted it")
    void a_publication_is_recorded_as_finished() {
        coordinator.close();
        try (RecordingCoordinator recorded =
                RecordingCoordinator.of(AsyncEventCoordinator.builder().journal(journal))) {
            recorded.coordinator()
                    .subscribeToEvent(PLACED, NOTHING, named("billing").durable());
            Publication<String> publication = recorded.coordinator().publishEvent(PLACED, "1");
            recorded.awaitQuiescence(Duration.ofSeconds(20));
            journal.deliver("billing", publication.event());

            assertThat(recorded.recordings()).singleElement().satisfies(recording -> {
                assertThat(recording.unresolved()).isEmpty();
                assertThat(recording.results()).singleElement().isInstanceOf(Accepted.class);
                assertThat(recording).matches(Recording::isFinished);
            });
        }
    }

    // ---- carried context ----

    private static Scope restored(@Nullable String user) {
        String before = USER.get();
        USER.set(user);
        return () -> USER.set(before);
    }

    private static final ContextCarrier IN_PROCESS = () -> {
        String captured = USER.get();
        return () -> restored(captured);
    };

    /** A carrier whose context is text. */
    private static class AsText implements ContextCarrier {
        @Override
        public Captured capture() {
            return of(USER.get());
        }

        private static Captured of(@Nullable String user) {
            return new Captured() {
                @Override
                public Scope restore() {
                    return restored(user);
                }

                @Override
                public Map<String, String> toAttributes() {
                    return user == null ? Map.of() : Map.of("user", user);
                }
            };
        }

        @Override
        public @Nullable Captured fromAttributes(Map<String, String> attributes) {
            String user = attributes.get("user");
            return user == null ? null : of(user);
        }
    }

    private Queue<String> seenBy(String listener) {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(
                PLACED,
                computing(payload -> {
                    seen.add("" + USER.get());
                    return null;
                }),
                named(listener).durable());
        return seen;
    }

    @Test
    @DisplayName(
            "P12: what a carrier captured is present in durable listeners of the process, at each attempt, and gone after")
    void P12_a_carrier_reaches_durable_listeners_of_the_process() {
        build(IN_PROCESS);
        Queue<String> seen = seenBy("billing");
        Queue<String> other = seenBy("mail");
        USER.set("ada");
        Event<String> event = accepted("1");
        USER.set("bob");
        journal.attempt("billing", event, 1);
        journal.deliver("mail", event);
        journal.attempt("billing", event, 2);
        assertThat(seen).containsExactly("ada", "ada");
        assertThat(other).containsExactly("ada");
        journal.deliver("billing", event);

        journal.attempt("billing", event, 1);

        assertThat(seen).endsWith("ada", "null");
        assertThat(USER.get()).isEqualTo("bob");
    }

    @Test
    @DisplayName(
            "P12: a carrier with text reaches durable listeners in every process, and the publisher's own attributes win")
    void P12_text_reaches_durable_listeners_everywhere() {
        build(new AsText());
        Queue<String> seen = seenBy("billing");
        USER.set("ada");
        Event<String> event = accepted("1");
        Publication<String> own = coordinator.publishEvent(
                PLACED, "2", PublishOptions.defaults().attribute("user", "bob").attribute("other", "x"));
        settled(own);
        USER.remove();
        assertThat(event.attributes()).isEqualTo(Map.of("user", "ada"));
        assertThat(own.event().attributes()).isEqualTo(Map.of("user", "bob", "other", "x"));
        coordinator.close();
        journal.listeners.clear();
        coordinator = AsyncEventCoordinator.builder()
                .journal(journal)
                .contextCarrier(new AsText())
                .build();
        Queue<String> elsewhere = seenBy("billing");

        journal.deliver("billing", event);
        journal.deliver("billing", own.event());

        assertThat(elsewhere).containsExactly("ada", "bob");
        assertThat(seen).isEmpty();
    }

    @Test
    @DisplayName("P12: an event that goes to no journal has the attributes that its publisher gave, and no others")
    void P12_attributes_are_for_the_journal() {
        build(new AsText());
        USER.set("ada");
        assertThat(coordinator.publishEvent(PLACED, "1").event().attributes()).isEmpty();
    }

    @Test
    @DisplayName(
            "P12: where a carrier fails at publish, the journal does not get the event; where it fails later, the attempt fails")
    void P12_a_carrier_that_throws_fails_durable_deliveries() {
        build(() -> {
            throw new IllegalStateException("planted");
        });
        seenBy("billing");
        Publication<String> publication = coordinator.publishEvent(PLACED, "1");
        assertThat(publication.accepted())
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withMessageContainingAll("planted", "could not capture", "REJECTED", "was not stored");
        assertThat(settled(publication).failures()).hasSize(1);

        build(() -> new Captured() {
            @Override
            public Scope restore() {
                return () -> {};
            }

            @Override
            public Map<String, String> toAttributes() {
                return Map.of("", "planted");
            }
        });
        journal.listeners.clear();
        seenBy("billing");
        coordinator.subscribeToEvent(PLACED, NOTHING, named("memory"));
        Outcome outcome = settled(coordinator.publishEvent(PLACED, "1"));
        assertThat(outcome.failures()).extracting(DeliveryResult::listener).containsExactly("billing");
        assertThat(journal.appended).isEmpty();

        build(new AsText() {
            @Override
            public Captured fromAttributes(Map<String, String> attributes) {
                throw new IllegalStateException("planted");
            }
        });
        journal.listeners.clear();
        Queue<String> seen = seenBy("billing");
        assertThat(journal.attempt("billing", accepted("2"), 1)).isInstanceOf(Failed.class);
        assertThat(seen).isEmpty();
    }

    @Test
    @DisplayName("P12: what the journal refuses is not remembered, and no more than the latest 4,096 publications are")
    void P12_what_is_remembered_is_bounded() {
        build(IN_PROCESS);
        Queue<String> seen = seenBy("billing");
        USER.set("ada");
        Event<String> oldest = accepted("oldest");
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < 4_096; i++) {
            all.add(coordinator.publishEvent(PLACED, "" + i).outcome());
        }
        Event<String> latest = accepted("latest");
        until(() -> all.stream().allMatch(CompletableFuture::isDone));

        journal.deliver("billing", oldest);
        journal.deliver("billing", latest);
        assertThat(seen).containsExactly("null", "ada");

        journal.onAppend = event -> FakeJournal.refused(event, Certainty.REJECTED);
        Publication<String> refused = coordinator.publishEvent(PLACED, "refused");
        settled(refused);
        journal.attempt("billing", refused.event(), 1);
        assertThat(seen).endsWith("ada", "null");
    }

    @Test
    @DisplayName("P12: what is published for durable listeners elsewhere alone is not remembered here")
    void P12_nothing_is_remembered_for_others() {
        build(IN_PROCESS);
        journal.interest = Interest.SOME;
        USER.set("ada");
        Event<String> event = accepted("1");
        Queue<String> seen = seenBy("late");

        journal.attempt("late", event, 1);

        assertThat(seen).containsExactly("null");
    }

    @Test
    @DisplayName("P11: a durable listener may publish and subscribe")
    void P11_a_durable_listener_may_call_everything() {
        coordinator.subscribeToEvent(
                PLACED,
                blocking(payload -> coordinator
                        .subscribeToEvent("late", NOTHING, named("late").durable())
                        .pause()),
                named("billing").durable());
        assertThat(journal.deliver("billing", accepted("1"))).isInstanceOf(Succeeded.class);
        assertThat(journal.listener("late").isReady()).isFalse();
    }
}
