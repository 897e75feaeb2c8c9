package dev.convoke.journal;

import static dev.convoke.listener.AsyncListener.blocking;
import static dev.convoke.listener.AsyncListener.blockingWithContext;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.Publication;
import dev.convoke.PublishOptions;
import dev.convoke.event.DeadLetter;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.Outcome;
import dev.convoke.event.UnobservedFailure;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.listener.Subscription;
import dev.convoke.spi.CoordinatorObserver;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** What a journal promises, whatever database it is in. */
abstract class JournalContract {
    static final JournalOptions QUICK = JournalOptions.defaults().sessionTtl(Duration.ofSeconds(1));
    private static final RetryPolicy AT_ONCE =
            RetryPolicy.exponential(3).backoff(Duration.ofMillis(1), Duration.ofMillis(2));

    private final List<AsyncEventCoordinator> coordinators = new ArrayList<>();

    /** A journal in the test's database. */
    abstract JdbcJournal open(JournalOptions options);

    /** A connection of the user's own to it. */
    abstract Connection connect() throws SQLException;

    @AfterEach
    void close() {
        coordinators.forEach(AsyncEventCoordinator::close);
    }

    final AsyncEventCoordinator coordinator() {
        return coordinator(open(QUICK));
    }

    final AsyncEventCoordinator coordinator(JdbcJournal journal) {
        AsyncEventCoordinator coordinator =
                AsyncEventCoordinator.builder().journal(journal).build();
        coordinators.add(coordinator);
        return coordinator;
    }

    static ListenerOptions durable(String name) {
        return ListenerOptions.named(name).durable().retry(AT_ONCE);
    }

    @Test
    @DisplayName("D3: a durable listener gets what was published, and the publisher hears that it was accepted")
    void D3_a_durable_listener_gets_what_was_published() throws Exception {
        AsyncEventCoordinator coordinator = coordinator();
        Queue<Order> billed = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(Order.PLACED, blocking(billed::add), durable("billing"));

        var publication = coordinator.publishEvent(Order.PLACED, new Order("ada", 1));
        Outcome outcome = publication.await();

        assertThat(outcome.succeeded()).isTrue();
        assertThat(outcome.results().get(0)).isInstanceOf(DeliveryResult.Accepted.class);
        assertThat(publication.accepted().join().eventId())
                .isEqualTo(publication.event().id());
        await().untilAsserted(() -> assertThat(billed).containsExactly(new Order("ada", 1)));
    }

    @Test
    @DisplayName("D3: what was accepted is delivered after a restart, to a listener that was not there meanwhile")
    void D3_what_was_accepted_is_delivered_after_a_restart() throws Exception {
        AsyncEventCoordinator first = coordinator();
        Subscription subscription = first.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));
        subscription.pause();
        for (int i = 0; i < 10; i++) {
            first.publishEvent(Order.PLACED, new Order("ada", i)).accepted().join();
        }
        first.close();

        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        coordinator().subscribeToEvent(Order.PLACED, blocking(order -> billed.add(order.number())), durable("billing"));

        await().untilAsserted(() -> assertThat(billed).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    }

    @Test
    @DisplayName("D3: a process that has not the listener publishes for it, too")
    void D3_another_process_publishes_for_it() {
        AsyncEventCoordinator publisher = coordinator();
        Queue<Order> billed = new ConcurrentLinkedQueue<>();
        coordinator().subscribeToEvent(Order.PLACED, blocking(billed::add), durable("billing"));

        publisher.publishEvent(Order.PLACED, new Order("ada", 1)).accepted().join();

        await().untilAsserted(() -> assertThat(billed).containsExactly(new Order("ada", 1)));
    }

    @Test
    @DisplayName("D3: a durable listener of a pattern gets every event that matches")
    void D3_patterns_match() {
        AsyncEventCoordinator coordinator = coordinator();
        Queue<String> audited = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvents(
                "order.**", blocking(event -> audited.add(event.type().name())), durable("audit"));

        coordinator.publishEvent(Order.PLACED, new Order("ada", 1)).accepted().join();
        coordinator.publishEvent("order.item.added", "book", 2).accepted().join();
        coordinator.publishEvent("invoice.sent", 3).accepted().join();

        await().untilAsserted(() -> assertThat(audited).containsExactlyInAnyOrder("order.placed", "order.item.added"));
    }

    @Test
    @DisplayName("D1: an event with an identity that is there already is accepted and changes nothing")
    void D1_an_identity_is_kept_once() {
        AsyncEventCoordinator coordinator = coordinator();
        AtomicInteger billed = new AtomicInteger();
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> billed.incrementAndGet()), durable("billing"));
        Queue<Integer> last = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent("last", blocking(a -> last.add(a.get(0, Integer.class))), durable("last"));

        for (int i = 0; i < 3; i++) {
            coordinator
                    .publishEvent(
                            Order.PLACED,
                            new Order("ada", 1),
                            PublishOptions.defaults().id("order-1"))
                    .accepted()
                    .join();
        }
        coordinator.publishEvent("last", 1).accepted().join();

        await().untilAsserted(() -> assertThat(last).containsExactly(1));
        await().untilAsserted(() -> assertThat(billed).hasValue(1));
    }

    @Test
    @DisplayName("D1: a payload that cannot be written is rejected, and the others of its transaction are not")
    void D1_a_payload_that_cannot_be_kept_is_rejected() throws Exception {
        AsyncEventCoordinator coordinator = coordinator(open(QUICK.maxPayloadBytes(100)));
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));

        var large = coordinator.publishEvent(Order.PLACED, new Order("a".repeat(200), 1));
        Outcome outcome = large.await();

        assertThat(outcome.results().get(0)).isInstanceOf(DeliveryResult.Rejected.class);
        assertThatThrownBy(() -> large.accepted().join())
                .hasMessageContaining("REJECTED")
                .hasMessageContaining("bytes, and the journal takes 100");
        assertThat(coordinator
                        .publishEvent(Order.PLACED, new Order("ada", 1))
                        .await()
                        .succeeded())
                .isTrue();
    }

    @Test
    @DisplayName("D2: what is published in a transaction is delivered if that commits, and not if it rolls back")
    void D2_published_within_a_transaction() throws Exception {
        JdbcJournal journal = open(QUICK);
        AsyncEventCoordinator coordinator = coordinator(journal);
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> billed.add(order.number())), durable("billing"));

        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            journal.publishWithin(connection, Order.PLACED, new Order("ada", 1), PublishOptions.defaults());
            connection.rollback();
            journal.publishWithin(connection, Order.PLACED, new Order("ada", 2), PublishOptions.defaults());
            connection.commit();
        }

        await().untilAsserted(() -> assertThat(billed).containsExactly(2));
    }

    @Test
    @DisplayName("D2: what is published joins the transaction that a framework keeps for the thread")
    void D2_publishing_joins_the_threads_transaction() throws Exception {
        AtomicReference<Connection> current = new AtomicReference<>();
        AsyncEventCoordinator coordinator = coordinator(open(QUICK.connectionSource(current::get)));
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> billed.add(order.number())), durable("billing"));
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            current.set(connection);
            coordinator
                    .publishEvent(Order.PLACED, new Order("ada", 1))
                    .accepted()
                    .join();
            connection.rollback();
            coordinator
                    .publishEvent(Order.PLACED, new Order("ada", 2))
                    .accepted()
                    .join();
            connection.commit();
            current.set(null);
        }
        coordinator.publishEvent(Order.PLACED, new Order("ada", 3)).accepted().join();

        await().untilAsserted(() -> assertThat(billed).containsExactlyInAnyOrder(2, 3));
    }

    @Test
    @DisplayName("D4: the writes of a transactional listener are committed with the end of its delivery, once")
    void D4_transactional_effects_once() throws Exception {
        execute("CREATE TABLE ledger (number INTEGER NOT NULL)");
        AsyncEventCoordinator coordinator = coordinator();
        AtomicInteger attempts = new AtomicInteger();
        coordinator.subscribeToEvent(
                Order.PLACED,
                JdbcListeners.transactional((event, connection) -> {
                    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO ledger VALUES (?)")) {
                        insert.setInt(1, event.payload().number());
                        insert.executeUpdate();
                    }
                    if (attempts.incrementAndGet() == 1) {
                        throw new IllegalStateException("after the write");
                    }
                }),
                durable("ledger"));

        for (int i = 0; i < 5; i++) {
            coordinator
                    .publishEvent(Order.PLACED, new Order("ada", i))
                    .accepted()
                    .join();
        }

        await().untilAsserted(() ->
                assertThat(ints("SELECT number FROM ledger ORDER BY number")).containsExactly(0, 1, 2, 3, 4));
        await().untilAsserted(() ->
                assertThat(ints("SELECT count(*) FROM convoke_delivery")).containsExactly(0));
        assertThat(attempts).hasValue(6);
    }

    @Test
    @DisplayName("D4: a transactional listener of a pattern gets each event with its own payload")
    void D4_transactional_effects_of_a_pattern() throws Exception {
        execute("CREATE TABLE ledger (number INTEGER NOT NULL)");
        AsyncEventCoordinator coordinator = coordinator();
        coordinator.subscribeToEvents(
                "order.*",
                JdbcListeners.transactionalForPattern((event, connection) -> {
                    Object payload = event.payload();
                    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO ledger VALUES (?)")) {
                        insert.setInt(1, payload instanceof Order order ? order.number() : -1);
                        insert.executeUpdate();
                    }
                }),
                durable("ledger"));

        coordinator.publishEvent(Order.PLACED, new Order("ada", 7)).accepted().join();
        coordinator.publishEvent("order.noted", "by hand").accepted().join();

        await().untilAsserted(() ->
                assertThat(ints("SELECT number FROM ledger ORDER BY number")).containsExactly(-1, 7));
    }

    @Test
    @DisplayName(
            "D7: the failures of a durable listener are the journal's to keep, and not told as ones nobody looked at")
    void D7_failures_are_not_unobserved() throws Exception {
        JdbcJournal journal = open(QUICK);
        Queue<UnobservedFailure> unobserved = new ConcurrentLinkedQueue<>();
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .journal(journal)
                .onUnobservedFailure(unobserved::add)
                .build()) {
            coordinator.subscribeToEvent(
                    Order.PLACED,
                    blocking(order -> {
                        throw new IllegalStateException("no such account");
                    }),
                    durable("billing"));
            PublishOptions o1 = PublishOptions.defaults().id("o-1");
            coordinator
                    .publishEvent(Order.PLACED, new Order("ada", 1), o1)
                    .accepted()
                    .join();
            EventStatus settled = journal.settled("o-1").get(20, TimeUnit.SECONDS);
            assertThat(settled.open())
                    .singleElement()
                    .satisfies(delivery -> assertThat(delivery.state()).isEqualTo(EventStatus.State.DEAD));
        }

        assertThat(unobserved).isEmpty(); // all are told at the close
    }

    @Test
    @DisplayName("D4: others get one idempotency key for all attempts of a delivery")
    void D4_one_idempotency_key() {
        AsyncEventCoordinator coordinator = coordinator();
        Queue<String> keys = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blockingWithContext((order, context) -> {
                    keys.add(context.attempt() + " " + context.idempotencyKey());
                    throw new IllegalStateException("again");
                }),
                durable("billing"));

        coordinator.publishEvent(
                Order.PLACED, new Order("ada", 1), PublishOptions.defaults().id("o-1"));

        await().untilAsserted(() -> assertThat(keys)
                .containsExactly("1 /convoke/o-1/billing", "2 /convoke/o-1/billing", "3 /convoke/o-1/billing"));
    }

    @Test
    @DisplayName(
            "D5: deliveries with the same key run one after another in order, and a failing one parks its own key alone")
    void D5_order_by_key() {
        AsyncEventCoordinator coordinator = coordinator();
        Map<String, Queue<Integer>> seen = new ConcurrentHashMap<>();
        CountDownLatch others = new CountDownLatch(20);
        AtomicInteger failures = new AtomicInteger();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    if (order.customer().equals("ada") && order.number() == 0 && failures.incrementAndGet() == 1) {
                        others.await(); // those of the other key pass
                        throw new IllegalStateException("once");
                    }
                    seen.computeIfAbsent(order.customer(), c -> new ConcurrentLinkedQueue<>())
                            .add(order.number());
                    if (order.customer().equals("bob")) {
                        others.countDown();
                    }
                }),
                durable("billing").ordered());

        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            numbers.add(i);
            coordinator
                    .publishEvent(Order.PLACED, new Order("ada", i))
                    .accepted()
                    .join();
            coordinator
                    .publishEvent(Order.PLACED, new Order("bob", i))
                    .accepted()
                    .join();
        }

        await().untilAsserted(() -> assertThat(seen.get("ada")).containsExactlyElementsOf(numbers));
        assertThat(seen.get("bob")).containsExactlyElementsOf(numbers);
        assertThat(failures).hasValueGreaterThan(1);
    }

    @Test
    @DisplayName("D6, D7: a delivery whose attempts are used up is DEAD with the reason, and nothing waits for it")
    void D7_dead_after_the_last_attempt() throws Exception {
        JdbcJournal journal = open(QUICK);
        AsyncEventCoordinator coordinator = coordinator(journal);
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    if (order.number() == 1) {
                        throw new IllegalStateException("no such account");
                    }
                    billed.add(order.number());
                }),
                durable("billing").ordered());

        coordinator
                .publishEvent(
                        Order.PLACED,
                        new Order("ada", 1),
                        PublishOptions.defaults().id("o-1"))
                .accepted()
                .join();
        coordinator
                .publishEvent(
                        Order.PLACED,
                        new Order("ada", 2),
                        PublishOptions.defaults().id("o-2"))
                .accepted()
                .join();
        EventStatus settled = journal.settled("o-1").get(20, TimeUnit.SECONDS);
        journal.settled("o-2").get(20, TimeUnit.SECONDS);

        assertThat(settled.open()).singleElement().satisfies(delivery -> {
            assertThat(delivery.state()).isEqualTo(EventStatus.State.DEAD);
            assertThat(delivery.reason()).contains(DeadReason.FAILED);
            assertThat(delivery.attempts()).isEqualTo(3);
            assertThat(delivery.error())
                    .hasValueSatisfying(error -> assertThat(error).contains("no such account"));
        });
        assertThat(billed).containsExactly(2);
        assertThat(journal.status("o-2"))
                .hasValueSatisfying(status -> assertThat(status.done()).isEqualTo(1));
    }

    @Test
    @DisplayName("D7: a payload that the type does not fit any more is DEAD as UNREADABLE")
    void D7_unreadable_payload() throws Exception {
        JdbcJournal journal = open(QUICK);
        AsyncEventCoordinator coordinator = coordinator(journal);
        coordinator
                .subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"))
                .pause();
        coordinator
                .publishEvent(
                        Order.PLACED,
                        new Order("ada", 1),
                        PublishOptions.defaults().id("o-1"))
                .accepted()
                .join();
        execute("UPDATE convoke_event SET payload = '{\"customer\": [1'");
        coordinator.close();

        JdbcJournal next = open(QUICK);
        coordinator(next).subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));

        assertThat(next.settled("o-1").get(20, TimeUnit.SECONDS).open())
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.reason()).contains(DeadReason.UNREADABLE));
    }

    @Test
    @DisplayName("D8, D9: another process takes over what a dead one had, and its late result changes nothing")
    void D8_another_process_takes_over() throws Exception {
        JdbcJournal frozen = open(QUICK);
        AsyncEventCoordinator first = coordinator(frozen);
        List<CountDownLatch> goOn = List.of(new CountDownLatch(1), new CountDownLatch(1));
        AtomicInteger runs = new AtomicInteger();
        AsyncListener<Order> waiting =
                blocking(order -> goOn.get(runs.getAndIncrement()).await());
        first.subscribeToEvent(Order.PLACED, waiting, durable("billing"));
        first.publishEvent(Order.PLACED, new Order("ada", 1)).accepted().join();
        await().until(() -> runs.get() == 1);
        execute("DELETE FROM convoke_session"); // as if it had given no sign of life for too long

        coordinator().subscribeToEvent(Order.PLACED, waiting, durable("billing"));
        await().until(() -> runs.get() == 2);
        goOn.get(0).countDown();
        await().until(() -> frozen.staleResults() == 1);
        assertThat(ints("SELECT epoch FROM convoke_delivery WHERE state = 'RUNNING'"))
                .as("that of the claim, of the one who found it lost, and of the next claim")
                .containsExactly(3);
        goOn.get(1).countDown();

        await().untilAsserted(() ->
                assertThat(ints("SELECT count(*) FROM convoke_delivery")).containsExactly(0));
        assertThat(runs).hasValue(2);
    }

    @Test
    @DisplayName("D13: no more deliveries run at a time than the listener allows")
    void D13_claims_stay_within_the_listeners_limit() {
        AsyncEventCoordinator coordinator = coordinator();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    running.decrementAndGet();
                    done.incrementAndGet();
                }),
                durable("billing").concurrency(2));

        for (int i = 0; i < 50; i++) {
            coordinator.publishEvent(Order.PLACED, new Order("ada", i));
        }

        await().untilAsserted(() -> assertThat(done).hasValue(50));
        assertThat(most).hasValueBetween(1, 2);
    }

    @Test
    @DisplayName("D1: nobody is told that an event was accepted before it is committed")
    void D1_nobody_is_told_before_the_commit() throws Exception {
        AsyncEventCoordinator coordinator = coordinator();
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));
        Publication<Order> publication;
        try (Connection other = connect()) {
            other.setAutoCommit(false);
            lockEvents(other);
            publication = coordinator.publishEvent(Order.PLACED, new Order("ada", 1));
            assertThatThrownBy(() -> publication.accepted().get(200, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            other.rollback();
        }
        publication.accepted().join();
        assertThat(ints("SELECT count(*) FROM convoke_event")).containsExactly(1);
    }

    /** Lets nobody write events until the transaction ends. */
    abstract void lockEvents(Connection connection) throws SQLException;

    @Test
    @DisplayName("D7: dead deliveries are listed, grouped by cause, discarded and restored, and tried again")
    void D7_dead_deliveries_are_in_hand() throws Exception {
        JdbcJournal journal = open(QUICK);
        AsyncEventCoordinator coordinator = coordinator(journal);
        AtomicBoolean isWell = new AtomicBoolean();
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    if (!isWell.get()) {
                        throw new IllegalStateException("no account for " + order.customer() + "\nof several lines");
                    }
                    billed.add(order.number());
                }),
                durable("billing").ordered());
        for (int i = 0; i < 3; i++) {
            String id = "o-" + i;
            coordinator
                    .publishEvent(
                            Order.PLACED,
                            new Order(i < 2 ? "ada" : "bob", i),
                            PublishOptions.defaults().id(id))
                    .accepted()
                    .join();
            journal.settled(id).get(20, TimeUnit.SECONDS);
        }

        List<DeadGroup> groups = journal.deadGroups(10);
        assertThat(groups)
                .containsExactly(
                        new DeadGroup(
                                "billing", DeadReason.FAILED, "java.lang.IllegalStateException: no account for ada", 2),
                        new DeadGroup(
                                "billing",
                                DeadReason.FAILED,
                                "java.lang.IllegalStateException: no account for bob",
                                1));
        assertThat(journal.deadDeliveries(groups.get(0).selection(), 10))
                .extracting(DeadDelivery::eventId, DeadDelivery::payload)
                .containsExactly(
                        tuple("o-0", "{\"customer\":\"ada\",\"number\":0}"),
                        tuple("o-1", "{\"customer\":\"ada\",\"number\":1}"));
        assertThat(journal.discardDead(DeadSelection.all().event("o-2"))).isEqualTo(1);
        assertThat(journal.discardedDeliveries(DeadSelection.all(), 10)).hasSize(1);
        assertThat(journal.restoreDiscarded(DeadSelection.all().listener("billing")))
                .isEqualTo(1);
        isWell.set(true);
        assertThat(journal.retryDead(DeadSelection.all().reason(DeadReason.FAILED), Duration.ofMillis(1), 10))
                .isEqualTo(3);

        await().untilAsserted(() -> assertThat(billed).containsExactlyInAnyOrder(0, 1, 2));
        assertThat(billed).containsSubsequence(0, 1);
        await().untilAsserted(() -> assertThat(journal.listeners())
                .containsExactly(new DurableListenerStatus("billing", "order.placed", false, 0, 0)));
    }

    @Test
    @DisplayName("D11: a listener that no process has is orphaned and keeps its deliveries until it is retired")
    void D11_an_orphaned_listener_keeps_its_deliveries() throws Exception {
        AsyncEventCoordinator first = coordinator();
        first.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"))
                .close();
        first.publishEvent(Order.PLACED, new Order("ada", 1)).accepted().join();
        JdbcJournal journal = open(QUICK);
        coordinator(journal);

        await().untilAsserted(() -> assertThat(journal.listeners())
                .containsExactly(new DurableListenerStatus("billing", "order.placed", true, 1, 0)));
        assertThat(journal.retire("billing")).isEqualTo(1);
        assertThat(journal.listeners()).isEmpty();
        assertThat(ints("SELECT count(*) FROM convoke_delivery")).containsExactly(0);
    }

    @Test
    @DisplayName("D11: a listener that a process has cannot be retired")
    void D11_a_listener_that_is_there_is_not_retired() {
        JdbcJournal journal = open(QUICK);
        coordinator(journal).subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));

        assertThatThrownBy(() -> journal.retire("billing"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("billing");
    }

    @Test
    @DisplayName(
            "D11: under a new name, a listener gets what was kept under the old one, of an event with a new name, too")
    void D11_renames() {
        AsyncEventCoordinator first = coordinator();
        first.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"))
                .pause();
        first.publishEvent(Order.PLACED, new Order("ada", 1)).accepted().join();
        first.close();
        Queue<Object> billed = new ConcurrentLinkedQueue<>();
        EventType<Order> renamed = EventType.of("sales.order", Order.class);

        coordinator(open(QUICK.renamedListener("billing", "invoicing").renamedEvent("order.placed", "sales.order")))
                .subscribeToEvent(renamed, blocking(billed::add), durable("invoicing"));

        await().untilAsserted(() -> assertThat(billed).containsExactly(new Order("ada", 1)));
    }

    @Test
    @DisplayName("D7: a payload of an older version is made into one of the next ones")
    void D7_upcasters() {
        AsyncEventCoordinator first = coordinator();
        first.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"))
                .pause();
        first.publishEvent(Order.PLACED, new Order("ada", 1)).accepted().join();
        first.close();
        Queue<Object> billed = new ConcurrentLinkedQueue<>();

        coordinator(open(QUICK.version("order.placed", 3)
                        .upcaster("order.placed", 1, payload -> ((ObjectNode) payload).put("customer", "eve"))
                        .upcaster("order.placed", 2, payload -> ((ObjectNode) payload).put("number", 7))))
                .subscribeToEvent(Order.PLACED, blocking(billed::add), durable("billing"));

        await().untilAsserted(() -> assertThat(billed).containsExactly(new Order("eve", 7)));
    }

    @Test
    @DisplayName("D12: an event is kept as long as a delivery of it is open, and forgotten some time after the last")
    void D12_events_are_forgotten_when_all_is_done() throws Exception {
        AsyncEventCoordinator coordinator = coordinator(open(QUICK.retention(Duration.ofMillis(1))));
        Subscription subscription =
                coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));
        coordinator.subscribeToEvent("other", blocking(arguments -> {}), durable("other"));
        subscription.pause();
        publish(coordinator);
        coordinator.publishEvent("other", 1).accepted().join();

        await().untilAsserted(() ->
                assertThat(ints("SELECT count(*) FROM convoke_event")).containsExactly(1));
        assertThat(ints("SELECT count(*) FROM convoke_event WHERE name = 'order.placed'"))
                .containsExactly(1);
        subscription.resume();

        await().untilAsserted(() ->
                assertThat(ints("SELECT count(*) FROM convoke_event")).containsExactly(0));
    }

    @Test
    @DisplayName("D13: publications are rejected while the backlog is full, and accepted again after")
    void D13_a_full_backlog_rejects() {
        AsyncEventCoordinator coordinator = coordinator(open(QUICK.maxBacklog(2)));
        Subscription subscription =
                coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));
        subscription.pause();

        await().untilAsserted(() ->
                assertThatThrownBy(() -> publish(coordinator)).hasMessageContaining("more than 2 deliveries are open"));
        subscription.resume();

        await().untilAsserted(() -> assertThatCode(() -> publish(coordinator)).doesNotThrowAnyException());
    }

    static void publish(AsyncEventCoordinator coordinator) {
        coordinator.publishEvent(Order.PLACED, new Order("ada", 1)).accepted().join();
    }

    @Test
    @DisplayName("D7: who wants to know of dead letters is told, and observers are told of a publication once")
    void D7_dead_letters_are_told() {
        Queue<DeadLetter> letters = new ConcurrentLinkedQueue<>();
        AtomicInteger publications = new AtomicInteger();
        AtomicInteger starts = new AtomicInteger();
        AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .journal(open(QUICK))
                .onDeadLetter(letters::add)
                .observer(new CoordinatorObserver() {
                    @Override
                    public void onPublish(Event<?> event, int listeners) {
                        publications.incrementAndGet();
                    }

                    @Override
                    public void onStart(Event<?> event, String listener, int attempt) {
                        starts.incrementAndGet();
                    }
                })
                .build();
        coordinators.add(coordinator);
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    throw new IllegalStateException("never");
                }),
                durable("billing"));
        publish(coordinator);

        await().untilAsserted(() -> assertThat(letters).singleElement().satisfies(letter -> {
            assertThat(letter.listener()).isEqualTo("billing");
            assertThat(letter.attempts()).isEqualTo(3);
            assertThat(letter.cause()).hasMessage("never");
        }));
        assertThat(publications).hasValue(1);
        assertThat(starts).hasValue(4); // handed to the journal, and three attempts
    }

    @Test
    @DisplayName("a second durable listener of one name is refused")
    void a_name_is_one_listeners_alone() {
        AsyncEventCoordinator coordinator = coordinator();
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));

        assertThatThrownBy(() -> coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("billing");
        assertThat(coordinator.listeners("order.placed")).hasSize(1);
    }

    @Test
    @DisplayName("tables of a newer version are refused")
    void newer_tables_are_refused() throws Exception {
        coordinator().close();
        execute("UPDATE convoke_journal SET version = 99");

        assertThatThrownBy(() -> open(QUICK))
                .isInstanceOf(UnsupportedDatabaseException.class)
                .hasMessageContaining("version 99");
    }

    final void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    final List<Integer> ints(String sql) throws SQLException {
        List<Integer> found = new ArrayList<>();
        try (Connection connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getInt(1));
            }
        }
        return found;
    }
}
