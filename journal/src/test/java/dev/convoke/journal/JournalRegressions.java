package dev.convoke.journal;

import static dev.convoke.listener.AsyncListener.blocking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.PublishOptions;
import dev.convoke.event.EventType;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.listener.Subscription;
import dev.convoke.testkit.journal.Order;
import java.sql.Connection;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What once went wrong, whatever database the journal is in. */
abstract class JournalRegressions extends TransactionGuards {
    /** A payload that cannot be read as long as this says so. */
    private static final AtomicBoolean ARMED = new AtomicBoolean();

    /** An exception that cannot say what it is. */
    private static final class Speechless extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no words");
        }
    }

    /** An exception that says nothing of itself. */
    private static final class Mute extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings({"OverrideThrowableToString", "ToStringReturnsNull"}) // what a user's may do
        @Override
        public String toString() {
            return null;
        }
    }

    /** What fails with an Error while it is read. */
    record Explosive(int number) {
        Explosive {
            if (ARMED.get() && number == 0) {
                throw new AssertionError("explodes");
            }
        }
    }

    @Test
    @DisplayName("D7: a listener whose exception or retry policy fails keeps nobody else from going on")
    void D7_a_hostile_listener_stops_nobody() {
        AsyncEventCoordinator coordinator = coordinator();
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    throw new Speechless();
                }),
                durable("speechless"));
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    throw new IllegalStateException("plain");
                }),
                durable("undecided").retry(RetryPolicy.exponential(3).on(failure -> {
                    throw new IllegalStateException("cannot decide");
                })));
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> billed.add(order.number())), durable("billing"));

        publish(coordinator);
        await().untilAsserted(() -> assertThat(ints("SELECT count(*) FROM convoke_delivery WHERE state = 'DEAD'"))
                .containsExactly(2));
        publish(coordinator);

        await().untilAsserted(() -> assertThat(billed).hasSize(2));
    }

    @Test
    @DisplayName("D7: dead deliveries whose exception says nothing of itself are one group, by the name of its class")
    void D7_exceptions_that_say_nothing_are_one_group() {
        JdbcJournal journal = open(QUICK);
        AsyncEventCoordinator coordinator = coordinator(journal);
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    throw new Mute();
                }),
                durable("mute").retry(RetryPolicy.none()));

        for (int i = 0; i < 3; i++) {
            publish(coordinator);
        }

        await().untilAsserted(() -> assertThat(journal.deadGroups(10))
                .containsExactly(new DeadGroup("mute", DeadReason.FAILED, Mute.class.getName(), 3)));
    }

    @Test
    @DisplayName("D7: an interrupt that a listener leaves behind on the journal's own thread ends nothing")
    void D7_a_left_interrupt_ends_nothing() {
        AsyncEventCoordinator coordinator = coordinator();
        AtomicInteger billed = new AtomicInteger();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    billed.incrementAndGet();
                    Thread.currentThread().interrupt();
                }),
                durable("billing").executor(Runnable::run));

        publish(coordinator);
        await().untilAsserted(() -> assertThat(billed).hasValue(1));
        publish(coordinator);

        await().untilAsserted(() -> assertThat(billed).hasValue(2));
    }

    @Test
    @DisplayName("D7: an Error while a payload is read makes that delivery DEAD, and those claimed with it are made")
    void D7_an_error_while_reading() {
        EventType<Explosive> type = EventType.of("explosive", Explosive.class);
        AsyncEventCoordinator coordinator = coordinator();
        Queue<Integer> seen = new ConcurrentLinkedQueue<>();
        var subscription = coordinator.subscribeToEvent(type, blocking(e -> seen.add(e.number())), durable("reader"));
        subscription.pause();
        for (int i = 0; i < 4; i++) {
            coordinator.publishEvent(type, new Explosive(i)).accepted().join();
        }
        ARMED.set(true);
        subscription.resume();

        await().untilAsserted(() -> assertThat(seen).containsExactlyInAnyOrder(1, 2, 3));
        await().untilAsserted(
                        () -> assertThat(ints("SELECT count(*) FROM convoke_delivery WHERE reason = 'UNREADABLE'"))
                                .containsExactly(1));
        ARMED.set(false);
    }

    @Test
    @DisplayName("D3, D5: a lane whose process ended before it could let the next one go is found at the next start")
    void D3_a_lane_that_nobody_lets_go_on_is_found() throws Exception {
        AsyncEventCoordinator first = coordinator();
        first.subscribeToEvent(
                        Order.PLACED, blocking(order -> {}), durable("billing").ordered())
                .pause();
        publish(first);
        publish(first);
        first.close();
        execute("DELETE FROM convoke_delivery WHERE state = 'READY'"); // as a transactional listener that commits late

        AtomicInteger billed = new AtomicInteger();
        coordinator()
                .subscribeToEvent(
                        Order.PLACED,
                        blocking(order -> billed.incrementAndGet()),
                        durable("billing").ordered());

        await().untilAsserted(() -> assertThat(billed).hasValue(1));
    }

    @Test
    @DisplayName("D3, D11: a listener that is not ordered any more gets all that was kept for it when it was")
    void D11_a_listener_that_is_ordered_no_more() {
        AsyncEventCoordinator first = coordinator();
        first.subscribeToEvent(
                        Order.PLACED, blocking(order -> {}), durable("billing").ordered())
                .pause();
        for (int i = 0; i < 3; i++) {
            publish(first);
        }
        first.close();

        AtomicInteger billed = new AtomicInteger();
        coordinator().subscribeToEvent(Order.PLACED, blocking(order -> billed.incrementAndGet()), durable("billing"));

        await().untilAsserted(() -> assertThat(billed).hasValue(3));
    }

    @Test
    @DisplayName("D5, D10, D11: a renamed listener gets each event once, those that were kept before those to come")
    void D11_a_rename_keeps_order_and_doubles_nothing() {
        AsyncEventCoordinator first = coordinator();
        first.subscribeToEvent(
                        Order.PLACED, blocking(order -> {}), durable("billing").ordered())
                .pause();
        for (int i = 0; i < 3; i++) {
            first.publishEvent(Order.PLACED, new Order("ada", i)).accepted().join();
        }
        first.close();

        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        AsyncEventCoordinator second = coordinator(open(QUICK.renamedListener("billing", "invoicing")));
        second.subscribeToEvent(
                Order.PLACED,
                blocking(order -> billed.add(order.number())),
                durable("invoicing").ordered());
        second.publishEvent(Order.PLACED, new Order("ada", 3)).accepted().join();

        await().untilAsserted(() ->
                assertThat(ints("SELECT count(*) FROM convoke_delivery")).containsExactly(0));
        assertThat(billed).containsExactly(0, 1, 2, 3);
    }

    @Test
    @DisplayName(
            "D1: what would come back as something else is rejected: half a character in an id, a key, or a payload")
    void D1_half_a_character_is_rejected() {
        AsyncEventCoordinator coordinator = coordinator();
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));

        for (PublishOptions options : new PublishOptions[] {
            PublishOptions.defaults().id("a\ud800"), PublishOptions.defaults().key("\udc00b")
        }) {
            assertThatThrownBy(() -> coordinator
                            .publishEvent(Order.PLACED, new Order("ada", 1), options)
                            .accepted()
                            .join())
                    .hasMessageContaining("half a character");
        }
        assertThatThrownBy(() -> coordinator
                        .publishEvent(
                                Order.PLACED,
                                new Order("\ud800", 1),
                                PublishOptions.defaults().key("k"))
                        .accepted()
                        .join())
                .hasMessageContaining("half a character");
    }

    @Test
    @DisplayName(
            "D3, D11: two versions of an application that have one listener for different events each get their own")
    void D3_a_name_that_two_versions_have_differently() {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        AsyncEventCoordinator first = coordinator();
        first.subscribeToEvent(
                Order.PLACED, blocking(order -> heard.add("order " + order.number())), durable("shared"));
        AsyncEventCoordinator second = coordinator();
        second.subscribeToEvent("another", blocking(arguments -> heard.add("another")), durable("shared"));

        publish(first);
        second.publishEvent("another").accepted().join();
        publish(second);

        await().untilAsserted(() -> assertThat(heard).hasSize(3).contains("another"));
    }

    @Test
    @DisplayName(
            "D1: a durable listener whose name or event has half a character is refused: it would be another one's")
    void D1_half_a_character_in_a_name_is_refused() {
        AsyncEventCoordinator coordinator = coordinator();

        assertThatThrownBy(
                        () -> coordinator.subscribeToEvent("half\ud800", blocking(arguments -> {}), durable("reader")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("half of a character");
    }

    /** What could be written, and not be read again. */
    sealed interface Shape {
        int getRadius();
    }

    /** One of them. */
    record Circle(int getRadius) implements Shape {}

    /** What would be an empty thing when it comes back. */
    static final class Secret {
        private final int number;

        Secret(int number) {
            this.number = number;
        }

        @Override
        public String toString() {
            return "secret " + number;
        }
    }

    /** Nothing but that it happened. */
    record Tick() {}

    @Test
    @DisplayName(
            "D1: a payload of a class that could not be read again, or would come back empty, is rejected when it is published")
    void D1_a_class_that_cannot_be_read_again_is_rejected() {
        AsyncEventCoordinator coordinator = coordinator();
        EventType<Shape> shape = EventType.of("shape", Shape.class);
        EventType<Secret> secret = EventType.of("secret", Secret.class);
        EventType<Tick> tick = EventType.of("tick", Tick.class);
        Queue<Object> seen = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(shape, blocking(seen::add), durable("shapes"));
        coordinator.subscribeToEvent(secret, blocking(seen::add), durable("secrets"));
        coordinator.subscribeToEvent(tick, blocking(seen::add), durable("ticks"));

        assertThatThrownBy(() -> coordinator
                        .publishEvent(shape, new Circle(1))
                        .accepted()
                        .join())
                .hasMessageContaining("REJECTED")
                .hasMessageContaining("could not be read again");
        assertThatThrownBy(() -> coordinator
                        .publishEvent(secret, new Secret(1))
                        .accepted()
                        .join())
                .hasMessageContaining("REJECTED")
                .hasMessageContainingAll("event secret", "JournalRegressions$Secret");
        coordinator.publishEvent(tick, new Tick()).accepted().join();

        await().untilAsserted(() -> assertThat(seen).containsExactly(new Tick()));
    }

    /** Times with zones. */
    record Meeting(ZonedDateTime at, OffsetDateTime until) {}

    @Test
    @DisplayName("times come back with the zones that they had")
    void times_keep_their_zones() {
        AsyncEventCoordinator coordinator = coordinator();
        EventType<Meeting> type = EventType.of("meeting", Meeting.class);
        Queue<Meeting> seen = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(type, blocking(seen::add), durable("calendar"));
        Meeting meeting = new Meeting(
                ZonedDateTime.parse("2026-01-02T00:30+01:00[Europe/Berlin]"),
                OffsetDateTime.parse("2026-01-02T01:30+01:00"));

        coordinator.publishEvent(type, meeting).accepted().join();

        await().untilAsserted(() -> assertThat(seen).containsExactly(meeting));
    }

    @Test
    @DisplayName("D11: a listener that has just been subscribed again is not orphaned")
    void D11_a_listener_is_there_from_its_subscription_on() throws Exception {
        coordinator()
                .subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"))
                .close();
        execute("UPDATE convoke_listener SET seen_at = 0");
        JdbcJournal journal = open(QUICK);
        coordinator(journal).subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));

        assertThatThrownBy(() -> journal.retire("billing")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("D2, D4: a transactional listener publishes in its own transaction")
    void D2_publishing_within_a_transactional_listener() {
        JdbcJournal journal = open(QUICK);
        AsyncEventCoordinator coordinator = coordinator(journal);
        EventType<Order> billed = EventType.of("order.billed", Order.class);
        Queue<Integer> mailed = new ConcurrentLinkedQueue<>();
        AtomicInteger attempts = new AtomicInteger();
        coordinator.subscribeToEvent(
                Order.PLACED,
                JdbcListeners.transactional((event, connection) -> {
                    journal.publishWithin(connection, billed, event.payload(), PublishOptions.defaults());
                    if (attempts.incrementAndGet() == 1) {
                        throw new IllegalStateException("rolls back");
                    }
                }),
                durable("billing"));
        coordinator.subscribeToEvent(billed, blocking(order -> mailed.add(order.number())), durable("mail"));

        publish(coordinator);

        await().untilAsserted(() -> assertThat(mailed).hasSize(1));
        await().untilAsserted(() ->
                assertThat(ints("SELECT count(*) FROM convoke_delivery")).containsExactly(0));
        assertThat(mailed).hasSize(1);
    }

    // ---- crashes ----

    @Test
    @DisplayName("D6: a crash counts for an hour: four that are older do not make the next one the fifth")
    void D6_a_crash_counts_for_an_hour() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        AsyncEventCoordinator coordinator = coordinator();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    runs.incrementAndGet();
                    end.await();
                }),
                durable("billing").concurrency(10));
        publish(coordinator);
        try {
            await().until(() -> runs.get() == 1);
            assertThat(crashesAfterFour(Duration.ofMinutes(61))).isEqualTo(1);
            await().until(() -> runs.get() == 2);
            assertThat(crashesAfterFour(Duration.ofMinutes(59))).isEqualTo(5);
            assertThat(count("convoke_delivery WHERE state = 'DEAD'")).isEqualTo(1);
        } finally {
            end.countDown();
        }
    }

    /** The number of crashes after a delivery with four of them, the last one this long ago, loses its process. */
    private int crashesAfterFour(Duration ago) throws Exception {
        execute("UPDATE convoke_delivery SET crashes = 4, crashed_at = "
                + (System.currentTimeMillis() - ago.toMillis()));
        store().takeAllForDead();
        await().until(() -> count("convoke_delivery WHERE crashes = 4") == 0);
        return ints("SELECT crashes FROM convoke_delivery").get(0);
    }

    @Test
    @DisplayName("D6, D8: what a listener leaves running at a close is another process's at once, and this is no crash")
    void D6_what_a_close_leaves_running() throws Exception {
        JournalOptions patient = JournalOptions.defaults().sessionTtl(Duration.ofMinutes(5));
        AtomicInteger runs = new AtomicInteger();
        AtomicBoolean isOver = new AtomicBoolean();
        AsyncListener<Order> heedless = blocking(order -> {
            runs.incrementAndGet();
            while (!isOver.get()) {
                LockSupport.parkNanos(1_000_000);
                Thread.interrupted();
            }
        });
        AsyncEventCoordinator first = coordinator(open(patient));
        first.subscribeToEvent(Order.PLACED, heedless, durable("billing"));
        publish(first);
        try {
            await().until(() -> runs.get() == 1);
            first.close(Duration.ZERO);
            coordinator(open(patient)).subscribeToEvent(Order.PLACED, heedless, durable("billing"));

            await().until(() -> runs.get() == 2);
            assertThat(ints("SELECT crashes FROM convoke_delivery")).containsExactly(0);
        } finally {
            isOver.set(true);
        }
    }

    @Test
    @DisplayName("D6: of deliveries that were running when processes were lost, twice each, one runs at a time")
    void D6_suspects_run_one_at_a_time() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        CountDownLatch never = new CountDownLatch(1);
        AsyncEventCoordinator coordinator = coordinator();
        Subscription subscription = coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    never.await(200, TimeUnit.MILLISECONDS);
                    running.decrementAndGet();
                    billed.add(order.number());
                }),
                durable("billing").concurrency(10));
        subscription.pause();
        for (int number = 1; number <= 3; number++) {
            publish(coordinator, "ada", number);
        }
        execute("UPDATE convoke_delivery SET crashes = 2, crashed_at = " + System.currentTimeMillis());
        subscription.resume();

        await().untilAsserted(() -> assertThat(billed).containsExactlyInAnyOrder(1, 2, 3));
        assertThat(most).as("of them at a time").hasValue(1);
    }

    // ---- listeners that live ----

    @Test
    @DisplayName("D11: a listener that a living process has had for long is not retired")
    void D11_a_listener_that_was_there_for_long() throws Exception {
        JdbcJournal journal = open(QUICK);
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        AsyncEventCoordinator coordinator = coordinator(journal);
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> billed.add(order.number())), durable("billing"));
        execute("UPDATE convoke_listener SET seen_at = seen_at - "
                + Duration.ofDays(2).toMillis());

        assertThatThrownBy(() -> journal.retire("billing"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("billing is there");
        assertThat(journal.listeners())
                .singleElement()
                .satisfies(listener -> assertThat(listener.isOrphaned()).isFalse());
        publish(coordinator, "ada", 1);
        await().untilAsserted(() -> assertThat(billed).containsExactly(1));
    }

    @Test
    @DisplayName(
            "D7: what was kept for a listener of one event is not read as another one to which its name has moved, however alike")
    void D7_what_was_kept_of_another_event_is_not_read() throws Exception {
        AsyncEventCoordinator first = coordinator();
        first.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("mail"))
                .pause();
        publish(first, "ada", 1);
        first.close();
        Queue<Integer> cancelled = new ConcurrentLinkedQueue<>();
        EventType<Order> other = EventType.of("order.cancelled", Order.class);
        AsyncEventCoordinator second = coordinator();
        second.subscribeToEvent(other, blocking(order -> cancelled.add(order.number())), durable("mail"));
        accept(second, other, new Order("ada", 2), PublishOptions.defaults());

        await().until(() -> count("convoke_delivery WHERE state <> 'UNREADABLE'") == 0);
        assertThat(cancelled).containsExactly(2);
    }

    @Test
    @DisplayName(
            "D1: where a listener of this process was removed behind its back, its events are rejected, not accepted for nobody")
    void D1_what_is_not_kept_for_a_listener_here_is_rejected() throws Exception {
        AsyncEventCoordinator coordinator = coordinator();
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));
        publish(coordinator, "ada", 1);
        execute("DELETE FROM convoke_reader"); // as if it were not there
        execute("UPDATE convoke_listener SET seen_at = seen_at - "
                + Duration.ofDays(2).toMillis());
        try (JdbcJournal operator = open(QUICK)) {
            operator.retire("billing");
        }

        assertThatThrownBy(() -> publish(coordinator, "ada", 2))
                .hasMessageContainingAll("REJECTED", "not kept for listener billing");
    }

    // ---- identity and retention ----

    @Test
    @DisplayName("D1: another event under an identity that is taken is rejected, and named as what it is")
    void D1_another_event_under_an_identity() {
        AsyncEventCoordinator coordinator = coordinator();
        EventType<Order> noted = EventType.of("order.noted", Order.class);
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));
        coordinator.subscribeToEvent(noted, blocking(order -> {}), durable("notes"));
        publish(coordinator, "ada", 1);
        PublishOptions taken = PublishOptions.defaults().id("ada-1");

        assertThatCode(() -> accept(coordinator, Order.PLACED, new Order("ada", 1), taken))
                .as("the same event")
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> accept(coordinator, Order.PLACED, new Order("ada", 2), taken))
                .hasMessageContainingAll("REJECTED", "ada-1", "another payload or key");
        assertThatThrownBy(() -> accept(coordinator, Order.PLACED, new Order("ada", 1), taken.key("bob")))
                .hasMessageContainingAll("REJECTED", "ada-1", "another payload or key");
        assertThatThrownBy(() -> accept(coordinator, noted, new Order("ada", 1), taken))
                .hasMessageContainingAll("REJECTED", "ada-1", "order.placed", "order.noted");
    }

    /** Sets that are equal, and are gone through in different orders. */
    record Tagged(Set<String> tags, Map<String, Integer> counts) {
        static Tagged of(List<String> inOrder) {
            Map<String, Integer> counts = new HashMap<>();
            inOrder.forEach(tag -> counts.put(tag, tag.length()));
            return new Tagged(new HashSet<>(inOrder), counts);
        }
    }

    @Test
    @DisplayName("D1: an event whose sets and maps are equal is the same, in whatever order they are written")
    void D1_the_same_sets_in_another_order() {
        AsyncEventCoordinator coordinator = coordinator();
        EventType<Tagged> tagged = EventType.of("tagged", Tagged.class);
        AtomicInteger delivered = new AtomicInteger();
        coordinator.subscribeToEvent(
                tagged,
                blocking(event -> delivered.incrementAndGet()),
                durable("tags").ordered());
        PublishOptions options = PublishOptions.defaults().id("one");
        List<String> collide = List.of("Aa", "BB"); // of one hash, so that a HashSet has them as they came
        List<String> turned = List.of("BB", "Aa");

        coordinator.publishEvent(tagged, Tagged.of(collide), options).accepted().join();
        coordinator.publishEvent(tagged, Tagged.of(turned), options).accepted().join();

        assertThatThrownBy(() -> coordinator
                        .publishEvent(tagged, Tagged.of(List.of("Aa", "C")), options)
                        .accepted()
                        .join())
                .hasMessageContainingAll("REJECTED", "another payload or key");
        await().untilAsserted(() -> assertThat(delivered).hasValue(1));
    }

    private static void accept(
            AsyncEventCoordinator coordinator, EventType<Order> type, Order order, PublishOptions options) {
        coordinator.publishEvent(type, order, options).accepted().join();
    }

    @Test
    @DisplayName(
            "D1: another event under an identity that is taken is dead, with its content, where its publisher has committed it")
    void D1_another_event_under_an_identity_that_is_committed() throws Exception {
        JdbcJournal journal = open(QUICK);
        AsyncEventCoordinator coordinator = coordinator(journal);
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));
        publish(coordinator, "ada", 1);
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            journal.publishWithin(
                    connection,
                    Order.PLACED,
                    new Order("ada", 2),
                    PublishOptions.defaults().id("ada-1"));
            connection.commit();
        }
        await().until(() -> count("convoke_inbox") == 0);

        assertThat(journal.deadDeliveries(DeadSelection.all(), 10))
                .singleElement()
                .satisfies(dead -> {
                    assertThat(dead.reason()).isEqualTo(DeadReason.DUPLICATE_ID);
                    assertThat(dead.payload()).contains("\"number\":2");
                    assertThat(dead.error().orElseThrow()).contains("ada-1", "order.placed");
                });
    }

    @Test
    @DisplayName("D12: an old event is remembered from the end of its last delivery on, and stays while one is dead")
    void D12_an_identity_is_remembered_after_the_last_delivery() throws Exception {
        AsyncEventCoordinator coordinator = coordinator();
        Subscription plain = coordinator.subscribeToEvent("plain", blocking(arguments -> {}), durable("billing"));
        Subscription transactional = coordinator.subscribeToEvent(
                EventType.of("transactional", Order.class),
                JdbcListeners.transactional((event, connection) -> {}),
                durable("ledger"));
        coordinator.subscribeToEvent(
                "failing",
                blocking(arguments -> {
                    throw new IllegalStateException("no such account");
                }),
                durable("failing").retry(RetryPolicy.none()));
        coordinator.subscribeToEvent("done", blocking(arguments -> {}), durable("done"));
        plain.pause();
        transactional.pause();
        coordinator.publishEvent("plain").accepted().join();
        coordinator
                .publishEvent(EventType.of("transactional", Order.class), new Order("ada", 1))
                .accepted()
                .join();
        coordinator.publishEvent("failing").accepted().join();
        await().until(() -> count("convoke_delivery WHERE state = 'DEAD'") == 1);
        age("convoke_event");
        plain.resume();
        transactional.resume();
        await().until(() -> count("convoke_delivery WHERE state <> 'DEAD'") == 0);
        coordinator.publishEvent("done").accepted().join();
        await().until(() -> count("convoke_delivery WHERE state <> 'DEAD'") == 0);

        age("convoke_event WHERE name = 'done'");
        await().until(() -> store().events("done") == 0); // so all have been looked at

        assertThat(store().events("plain")).isEqualTo(1);
        assertThat(store().events("transactional")).isEqualTo(1);
        assertThat(store().events("failing")).isEqualTo(1);
    }

    /** These events were stored two days ago, a day more than they are remembered. */
    private void age(String events) throws Exception {
        execute("UPDATE "
                + events.replaceFirst(
                        "^convoke_event",
                        "convoke_event SET stored_at = stored_at - "
                                + Duration.ofDays(2).toMillis()));
    }

    private int count(String rows) throws Exception {
        return ints("SELECT count(*) FROM " + rows).get(0);
    }

    // ---- and others ----

    @Test
    @DisplayName("a coordinator closes in time though a transactional listener hangs")
    void closing_does_not_wait_for_a_transactional_listener_that_hangs() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AsyncEventCoordinator coordinator = coordinator();
        coordinator.subscribeToEvent(
                Order.PLACED,
                JdbcListeners.transactional((event, connection) -> {
                    begun.countDown();
                    boolean hangs = true;
                    while (hangs) {
                        try {
                            end.await();
                            hangs = false;
                        } catch (InterruptedException ignored) {
                            // which is what hanging means
                        }
                    }
                }),
                ListenerOptions.named("hanging").durable());
        publish(coordinator);
        begun.await();

        long from = System.nanoTime();
        coordinator.close(Duration.ofMillis(100));
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - from)).isLessThan(30);
        end.countDown();
    }

    @Test
    @DisplayName("D5: one that is tried again by hand does not start beside another of its key")
    void D5_a_dead_one_tried_again_waits_for_those_of_its_key() throws Exception {
        JdbcJournal journal = open(QUICK);
        AsyncEventCoordinator coordinator = coordinator(journal);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean isWell = new AtomicBoolean();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    if (order.number() == 1 && !isWell.get()) {
                        throw new IllegalStateException("not now");
                    }
                    seen.add(order.number() + " starts");
                    if (order.number() == 2) {
                        begun.countDown();
                        goOn.await();
                    }
                    seen.add(order.number() + " ends");
                }),
                durable("billing").ordered());
        for (int i = 1; i <= 3; i++) {
            coordinator
                    .publishEvent(Order.PLACED, new Order("ada", i))
                    .accepted()
                    .join();
        }
        begun.await();
        isWell.set(true);
        journal.retryDead(DeadSelection.all(), Duration.ofMillis(1), 10);
        goOn.countDown();

        await().untilAsserted(() -> assertThat(seen).hasSize(6));
        assertThat(seen)
                .containsSubsequence("2 starts", "2 ends", "1 starts", "1 ends")
                .containsSubsequence("2 starts", "2 ends", "3 starts", "3 ends");
    }
}
