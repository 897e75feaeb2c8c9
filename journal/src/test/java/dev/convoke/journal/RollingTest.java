package dev.convoke.journal;

import static dev.convoke.journal.SimulatedProcess.durable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.PublishOptions;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.journal.SharedDatabase.Kind;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.testkit.journal.Order;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Deployments in which processes of an old and a new version live beside each other: what each may not do to the other. */
@Tag("everyday")
class RollingTest extends SeveralProcesses {
    /** Short, so that what waits for a process's end is seen. */
    private static final JournalOptions OPTIONS = JournalOptions.defaults().sessionTtl(Duration.ofSeconds(3));

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int EVENTS = 10;

    private static boolean nothingIsOpen(SimulatedProcess process) {
        return process.journal().listeners().stream().allMatch(listener -> listener.open() == 0);
    }

    private static void assertNothingIsDead(SimulatedProcess process) {
        assertThat(process.journal().deadGroups(10)).as("dead deliveries").isEmpty();
    }

    // ---- payloads that the old version cannot read ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName(
            "D7: an old process does not bury what is of a newer version: a new one that has the listener makes it")
    void D7_a_newer_version_is_left_to_who_can_read_it(Kind kind) throws Exception {
        SharedDatabase database = create(kind);
        Queue<Integer> seen = new ConcurrentLinkedQueue<>();
        CountDownLatch never = gate();
        SimulatedProcess old = start(database, OPTIONS);
        old.subscribe(durable("billing").concurrency(1), order -> take(order, seen, never));
        SimulatedProcess recent =
                start(database, OPTIONS.version("order.placed", 2).upcaster("order.placed", 1, payload -> payload));
        recent.subscribe(durable("billing").concurrency(1), order -> take(order, seen, never));
        for (int number = 0; number < EVENTS; number++) {
            recent.publish("ada", number);
        }

        soon().until(() -> nothingIsOpen(recent));
        assertNothingIsDead(recent);
        assertThat(seen).hasSize(EVENTS).doesNotHaveDuplicates();
    }

    /** Takes long enough that another process has its share. */
    private static void take(Order order, Queue<Integer> seen, CountDownLatch never) throws InterruptedException {
        seen.add(order.number());
        never.await(50, TimeUnit.MILLISECONDS);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D7: an old process does not bury what is of a type that only a new one knows")
    void D7_an_unknown_type_is_left_to_who_knows_it(Kind kind) throws Exception {
        SharedDatabase database = create(kind);
        EventType<Order> refunded = EventType.of("order.refunded", Order.class);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        CountDownLatch never = gate();
        AsyncListener<Event<?>> listener = AsyncListener.blocking(event -> {
            seen.add(event.id());
            never.await(50, TimeUnit.MILLISECONDS);
        });
        SimulatedProcess old = start(database, OPTIONS);
        old.coordinator()
                .subscribeToEvents(
                        "order.refunded.**", listener, durable("audit").concurrency(1));
        SimulatedProcess recent = start(database, OPTIONS.type(refunded));
        recent.coordinator()
                .subscribeToEvents(
                        "order.refunded.**", listener, durable("audit").concurrency(1));
        for (int number = 0; number < EVENTS; number++) {
            recent.publish(refunded, new Order("ada", number), PATIENCE);
        }

        soon().until(() -> nothingIsOpen(recent));
        assertNothingIsDead(recent);
        assertThat(seen).hasSize(EVENTS).doesNotHaveDuplicates();
    }

    private enum OldState {
        OPEN
    }

    private enum NewState {
        OPEN,
        ON_HOLD
    }

    private record OldTicket(OldState state) {}

    private record NewTicket(NewState state) {}

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D7: an old process does not bury what it cannot parse: a constant that only a new one has")
    void D7_a_payload_is_left_to_who_can_parse_it(Kind kind) throws Exception {
        SharedDatabase database = create(kind);
        Queue<Object> seen = new ConcurrentLinkedQueue<>();
        CountDownLatch never = gate();
        SimulatedProcess old = start(database, OPTIONS);
        old.subscribe(
                EventType.of("ticket.moved", OldTicket.class), durable("board").concurrency(1), seen::add);
        SimulatedProcess recent = start(database, OPTIONS);
        EventType<NewTicket> moved = EventType.of("ticket.moved", NewTicket.class);
        recent.subscribe(moved, durable("board").concurrency(1), ticket -> {
            seen.add(ticket);
            never.await(50, TimeUnit.MILLISECONDS);
        });
        for (int number = 0; number < EVENTS; number++) {
            recent.publish(moved, new NewTicket(NewState.ON_HOLD), PATIENCE);
        }

        soon().until(() -> nothingIsOpen(recent));
        assertNothingIsDead(recent);
        assertThat(seen).hasSize(EVENTS).containsOnly(new NewTicket(NewState.ON_HOLD));
    }

    // ---- listeners that have become something else ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName(
            "D5: an old process in which a listener is not yet ordered does not take the order away; or somebody is refused")
    void D5_an_old_process_does_not_take_the_order_away(Kind kind) throws Exception {
        SharedDatabase database = create(kind);
        Seen billed = new Seen();
        SimulatedProcess recent = start(database, OPTIONS);
        recent.subscribe(durable("billing").ordered(), order -> billed.take(order, Duration.ofMillis(200)));
        SimulatedProcess old = start(database, OPTIONS);
        int accepted = 0;
        try {
            old.subscribe(durable("billing"), order -> billed.take(order, Duration.ofMillis(200)));
            for (; accepted < EVENTS; accepted++) {
                (accepted % 2 == 0 ? recent : old).publish("ada", accepted);
            }
        } catch (IllegalArgumentException | IllegalStateException | PublicationNotAcceptedException refused) {
            assertThat(refused).hasMessageContaining("billing");
        }

        int expected = accepted;
        soon().untilAsserted(() -> assertThat(billed.of("ada")).hasSize(expected));
        assertThat(billed.mostAtATime()).as("deliveries of one key at a time").isLessThanOrEqualTo(1);
    }

    private record SignedUp(String email) {}

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName(
            "D3, D7: what was kept for a listener of one event is not read as another one to which its name has moved")
    void D7_a_name_that_has_moved(Kind kind) throws Exception {
        SharedDatabase database = create(kind);
        EventType<SignedUp> signedUp = EventType.of("user.signed-up", SignedUp.class);
        SimulatedProcess first = start(database, OPTIONS);
        first.subscribe(durable("mail"), order -> {}).pause();
        first.publish("ada", 1);
        first.end();
        Queue<SignedUp> mailed = new ConcurrentLinkedQueue<>();
        SimulatedProcess second = start(database, OPTIONS);
        try {
            second.subscribe(signedUp, durable("mail"), mailed::add);
        } catch (IllegalArgumentException | IllegalStateException refused) {
            assertThat(refused).hasMessageContaining("mail").hasMessageContaining("order.placed");
            return;
        }
        second.publish(signedUp, new SignedUp("ada@example.org"), PATIENCE);

        soon().untilAsserted(() -> assertThat(mailed).contains(new SignedUp("ada@example.org")));
        elapse(Duration.ofMillis(500));
        assertThat(mailed).containsExactly(new SignedUp("ada@example.org"));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName(
            "D3, D7: while an old process lives, it gets nothing of the event to which its listener's name has moved")
    void D7_a_name_that_moves_beside_an_old_process(Kind kind) throws Exception {
        SharedDatabase database = create(kind);
        EventType<Order> cancelled = EventType.of("order.cancelled", Order.class);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        CountDownLatch never = gate();
        SimulatedProcess old = start(database, OPTIONS);
        old.subscribe(durable("billing").concurrency(1), order -> seen.add("charges " + order.number()));
        SimulatedProcess recent = start(database, OPTIONS);
        int accepted = 0;
        try {
            recent.subscribe(cancelled, durable("billing").concurrency(1), order -> {
                seen.add("refunds " + order.number());
                never.await(100, TimeUnit.MILLISECONDS);
            });
            for (; accepted < EVENTS; accepted++) {
                recent.publish(cancelled, new Order("ada", accepted), PATIENCE);
            }
        } catch (IllegalArgumentException | IllegalStateException | PublicationNotAcceptedException refused) {
            assertThat(refused).hasMessageContaining("billing");
        }

        int expected = accepted;
        soon().untilAsserted(() -> assertThat(seen).hasSizeGreaterThanOrEqualTo(expected));
        assertThat(seen).allMatch(what -> what.startsWith("refunds"));
    }

    // ---- operators ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName(
            "D3, D11: a listener that is retired while a process starts with it is refused, or there again, and gets its events")
    void D11_retire_beside_a_start(Kind kind) throws Exception {
        SharedDatabase database = create(kind);
        JournalOptions options = JournalOptions.defaults().sessionTtl(Duration.ofSeconds(1));
        SimulatedProcess first = start(database, options);
        first.subscribe(durable("billing"), order -> {});
        first.end();
        SimulatedProcess operator = start(database, options);
        soon().until(() -> operator.journal().listeners().get(0).isOrphaned());
        SimulatedProcess starting = start(database, options);
        SimulatedProcess other = start(database, options);
        Seen billed = new Seen();
        CompletableFuture<Void> subscribed;
        CompletableFuture<Boolean> retired;
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            if (database.isPostgresql()) {
                connection.setAutoCommit(false);
                statement.execute("SELECT * FROM convoke_listener FOR UPDATE"); // both wait here, the subscriber first
            } else {
                statement.execute("BEGIN IMMEDIATE");
            }
            subscribed = CompletableFuture.runAsync(
                    () -> starting.coordinator()
                            .subscribeToEvent(Order.PLACED, AsyncListener.blocking(billed::take), durable("billing")),
                    Daemons.EACH);
            elapse(Duration.ofMillis(300));
            retired = CompletableFuture.supplyAsync(() -> isRetired(operator), Daemons.EACH);
            elapse(Duration.ofMillis(300));
            statement.execute("ROLLBACK");
        }
        SimulatedProcess.within(PATIENCE, "the subscription", subscribed);
        boolean isRetired = SimulatedProcess.within(PATIENCE, "retire", retired);

        soon().alias("the listener, which a living process has; retired: " + isRetired)
                .until(() -> operator.journal().listeners().stream().anyMatch(listener -> !listener.isOrphaned()));
        other.publish("ada", 1);
        starting.publish("ada", 2);
        soon().untilAsserted(() -> assertThat(billed.of("ada")).containsExactlyInAnyOrder(1, 2));
    }

    private static boolean isRetired(SimulatedProcess operator) {
        try {
            operator.journal().retire("billing");
            return true;
        } catch (IllegalStateException refused) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D11: dead deliveries of an event that has another name now are tried again as that")
    void D11_dead_deliveries_of_a_renamed_event(Kind kind) throws Exception {
        SharedDatabase database = create(kind);
        AtomicBoolean isWell = new AtomicBoolean();
        List<Integer> seen = new ArrayList<>();
        SimulatedProcess old = start(database, OPTIONS);
        old.subscribe(
                EventType.of("order.booked", Order.class), durable("billing").retry(RetryPolicy.none()), order -> {
                    throw new IllegalStateException("not now");
                });
        old.publish(EventType.of("order.booked", Order.class), new Order("ada", 1), PATIENCE);
        soon().until(() -> !old.journal().deadGroups(5).isEmpty());
        old.end();
        SimulatedProcess recent = start(database, OPTIONS.renamedEvent("order.booked", "order.placed"));
        recent.subscribe(durable("billing"), order -> {
            if (isWell.get()) {
                seen.add(order.number());
            }
        });
        isWell.set(true);
        recent.journal().retryDead(DeadSelection.all(), Duration.ZERO, 10);

        soon().untilAsserted(() -> assertThat(seen).containsExactly(1));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName(
            "D3: what an old process publishes under the oldest of an event's three names reaches who listens to the newest")
    void D3_an_event_that_was_renamed_twice(Kind kind) throws Exception {
        SharedDatabase database = create(kind);
        EventType<Order> oldest = EventType.of("a", Order.class);
        EventType<Order> between = EventType.of("b", Order.class);
        EventType<Order> newest = EventType.of("c", Order.class);
        Seen seen = new Seen();
        SimulatedProcess first = start(database, OPTIONS);
        first.subscribe(oldest, durable("billing"), seen::take);
        first.publish(oldest, new Order("ada", 1), PATIENCE);
        SimulatedProcess second = start(database, OPTIONS.renamedEvent("a", "b"));
        second.subscribe(between, durable("billing"), seen::take);
        SimulatedProcess third = start(database, OPTIONS.renamedEvent("b", "c"));
        third.subscribe(newest, durable("billing"), seen::take);
        first.publish(oldest, new Order("ada", 2), PublishOptions.defaults(), PATIENCE);
        second.publish(between, new Order("ada", 3), PublishOptions.defaults(), PATIENCE);
        third.publish(newest, new Order("ada", 4), PublishOptions.defaults(), PATIENCE);

        soon().untilAsserted(() -> assertThat(seen.of("ada")).containsExactlyInAnyOrder(1, 2, 3, 4));
        soon().until(() -> nothingIsOpen(third));
        assertThat(seen.repeated()).isEmpty();
        assertNothingIsDead(third);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName(
            "D3: what an old process publishes under the oldest of an event's names reaches who never listened to any but the newest")
    void D3_a_listener_that_came_after_two_renames(Kind kind) throws Exception {
        SharedDatabase database = create(kind);
        Seen seen = new Seen();
        SimulatedProcess first = start(database, OPTIONS);
        start(database, OPTIONS.renamedEvent("a", "b"));
        SimulatedProcess third = start(database, OPTIONS.renamedEvent("b", "c"));
        third.subscribe(EventType.of("c", Order.class), durable("mail"), seen::take);
        first.publish(EventType.of("a", Order.class), new Order("ada", 1), PATIENCE);

        soon().until(() -> nothingIsOpen(third));
        assertThat(seen.of("ada")).containsExactly(1);
    }
}
