package dev.convoke.journal;

import static dev.convoke.journal.SimulatedProcess.durable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.journal.EventStatus.State;
import dev.convoke.journal.SharedDatabase.Kind;
import dev.convoke.listener.AsyncListener;
import dev.convoke.testkit.journal.Order;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What no living process can read waits, visibly, for one that can; it is DEAD only after a time of grace. */
@Tag("everyday")
class RollingUnreadableTest extends SeveralProcesses {
    /** Why an old process cannot read what a new one has published. */
    enum Obstacle {
        NEWER_VERSION(DeadReason.UNREADABLE),
        UNKNOWN_TYPE(DeadReason.UNKNOWN_TYPE),
        UNPARSABLE(DeadReason.UNREADABLE);

        private final DeadReason reason;

        Obstacle(DeadReason reason) {
            this.reason = reason;
        }
    }

    private enum OldState {
        OPEN
    }

    private enum NewState {
        OPEN,
        ON_HOLD
    }

    private record OldTicket(String key, int number, OldState state) {}

    private record NewTicket(String key, int number, NewState state) {}

    private static final EventType<Order> BOOKED =
            EventType.of("ticket.booked", Order.class).keyedBy(Order::customer);
    private static final EventType<OldTicket> OLD =
            EventType.of("ticket.moved", OldTicket.class).keyedBy(OldTicket::key);
    private static final EventType<NewTicket> NEW =
            EventType.of("ticket.moved", NewTicket.class).keyedBy(NewTicket::key);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final JournalOptions OPTIONS =
            JournalOptions.defaults().sessionTtl(Duration.ofSeconds(3)).type(BOOKED);

    private final Seen seen = new Seen();
    private final Queue<UnreadableDelivery> alarms = new ConcurrentLinkedQueue<>();
    private SharedDatabase database;

    private SimulatedProcess old(Obstacle obstacle) {
        return old(obstacle, OPTIONS.onUnreadable(alarms::add));
    }

    /** A process with the listener that cannot read what is published for this reason. */
    private SimulatedProcess old(Obstacle obstacle, JournalOptions options) {
        SimulatedProcess process = start(database, obstacle == Obstacle.UNKNOWN_TYPE ? options : options.type(OLD));
        subscribe(process.coordinator());
        return process;
    }

    /** Options of a process that can read all; it has no listener yet. */
    private static JournalOptions recentOptions() {
        return OPTIONS.type(NEW).version("ticket.moved", 2).upcaster("ticket.moved", 1, payload -> payload);
    }

    private void subscribe(AsyncEventCoordinator coordinator) {
        AsyncListener<Event<?>> listener = AsyncListener.blocking(event -> {
            if (event.payload() instanceof Order order) {
                seen.take(order);
            } else if (event.payload() instanceof NewTicket ticket) {
                seen.take(new Order(ticket.key(), ticket.number()));
            } else if (event.payload() instanceof OldTicket ticket) {
                seen.take(new Order(ticket.key(), ticket.number()));
            }
        });
        coordinator.subscribeToEvents("ticket.*", listener, durable("board").ordered());
    }

    /** Publishes, from a new process without the listener, what an old one cannot read, for this reason. */
    private String publishUnreadable(Obstacle obstacle, String key, int number) throws Exception {
        JournalOptions options = obstacle == Obstacle.NEWER_VERSION ? recentOptions() : OPTIONS.type(NEW);
        SimulatedProcess publisher = start(database, options);
        NewTicket ticket = new NewTicket(key, number, NewState.ON_HOLD);
        String event = publisher.publish(NEW, ticket, PATIENCE).eventId();
        publisher.end();
        return event;
    }

    private static EventStatus status(SimulatedProcess process, String event) {
        return process.journal().status(event).orElseThrow();
    }

    private static void awaitUnreadable(SimulatedProcess process, String event) {
        soon().failFast("it is given up: " + event, () -> status(process, event).isSettled())
                .untilAsserted(() -> assertThat(status(process, event).open())
                        .singleElement()
                        .satisfies(
                                delivery -> assertThat(delivery.state()).isEqualTo(State.UNREADABLE),
                                delivery -> assertThat(delivery.attempts()).isZero(),
                                delivery -> assertThat(delivery.crashes()).isZero()));
    }

    // ---- waiting ----

    @ParameterizedTest
    @CsvSource({
        "SQLITE, NEWER_VERSION", "SQLITE, UNKNOWN_TYPE", "SQLITE, UNPARSABLE",
        "POSTGRESQL, NEWER_VERSION", "POSTGRESQL, UNKNOWN_TYPE", "POSTGRESQL, UNPARSABLE"
    })
    @DisplayName(
            "D5, D7: what nobody can read waits as UNREADABLE, holds up its own key alone, and is made by who can read it")
    void D7_what_nobody_can_read_waits(Kind kind, Obstacle obstacle) throws Exception {
        database = create(kind);
        SimulatedProcess old = old(obstacle);
        String event = publishUnreadable(obstacle, "ada", 1);
        awaitUnreadable(old, event);
        old.publish(BOOKED, new Order("ada", 2), PATIENCE);
        old.publish(BOOKED, new Order("bob", 1), PATIENCE);
        soon().untilAsserted(() -> assertThat(seen.of("bob")).containsExactly(1));
        CompletableFuture<EventStatus> settled = old.journal().settled(event);
        elapse(Duration.ofMillis(1_500));
        assertThat(seen.of("ada")).as("of the key of what waits").isEmpty();
        assertThat(settled).as("settled, while it waits").isNotDone();
        assertThat(old.journal().deadGroups(5)).isEmpty();

        SimulatedProcess able = start(database, recentOptions());
        subscribe(able.coordinator());

        soon().atMost(SOON)
                .untilAsserted(() -> assertThat(seen.of("ada"))
                        .as("with one that can read it")
                        .containsExactly(1, 2));
        SimulatedProcess.within(PATIENCE, "settled", settled);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName(
            "D7: an alarm tells once of each listener, event and version that cannot be read, also when its handler fails")
    void D7_an_alarm_tells_of_what_cannot_be_read(Kind kind) throws Exception {
        database = create(kind);
        SimulatedProcess old = old(Obstacle.UNPARSABLE, OPTIONS.onUnreadable(unreadable -> {
            alarms.add(unreadable);
            throw new IllegalStateException("of a handler");
        }));
        String first = publishUnreadable(Obstacle.UNPARSABLE, "ada", 1);
        String second = publishUnreadable(Obstacle.UNPARSABLE, "bob", 1);
        awaitUnreadable(old, first);
        awaitUnreadable(old, second);

        soon().untilAsserted(() ->
                assertThat(alarms).extracting(UnreadableDelivery::eventId).containsExactly(first));
        assertThat(alarms).extracting(UnreadableDelivery::listener).containsOnly("board");
        elapse(Duration.ofMillis(1_500));
        assertThat(alarms).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D7: what cannot be read waits across restarts of those who cannot read it")
    void D7_it_waits_across_restarts(Kind kind) throws Exception {
        database = create(kind);
        SimulatedProcess old = old(Obstacle.NEWER_VERSION);
        String event = publishUnreadable(Obstacle.NEWER_VERSION, "ada", 1);
        awaitUnreadable(old, event);
        old.end();
        for (int restart = 0; restart < 6; restart++) { // more than it takes crashes to be DEAD
            SimulatedProcess again = old(Obstacle.NEWER_VERSION);
            awaitUnreadable(again, event);
            again.end();
        }

        assertThat(start(database, OPTIONS).journal().deadGroups(5)).isEmpty();
    }

    // ---- grace ----

    @ParameterizedTest
    @CsvSource({
        "SQLITE, NEWER_VERSION", "SQLITE, UNKNOWN_TYPE", "SQLITE, UNPARSABLE",
        "POSTGRESQL, NEWER_VERSION", "POSTGRESQL, UNKNOWN_TYPE", "POSTGRESQL, UNPARSABLE"
    })
    @DisplayName("D7: what nobody could read for the time of grace is DEAD, with the reason, and its key goes on")
    void D7_dead_after_the_time_of_grace(Kind kind, Obstacle obstacle) throws Exception {
        database = create(kind);
        JournalOptions options = OPTIONS.unreadableGrace(Duration.ofSeconds(2));
        SimulatedProcess old = old(obstacle, options);
        String event = publishUnreadable(obstacle, "ada", 1);
        awaitUnreadable(old, event);
        old.publish(BOOKED, new Order("ada", 2), PATIENCE);

        soon().untilAsserted(() -> assertThat(old.journal().deadDeliveries(DeadSelection.all(), 10))
                .singleElement()
                .satisfies(
                        dead -> assertThat(dead.eventId()).isEqualTo(event),
                        dead -> assertThat(dead.reason()).isEqualTo(obstacle.reason),
                        dead -> assertThat(dead.payload()).contains("ON_HOLD")));
        soon().untilAsserted(() -> assertThat(seen.of("ada")).containsExactly(2));
    }

    @Test
    @DisplayName("D7: the time of grace is an hour where nothing is said")
    void D7_an_hour_of_grace() {
        assertThat(JournalOptions.defaults().unreadableGrace()).isEqualTo(Duration.ofHours(1));
    }
}
