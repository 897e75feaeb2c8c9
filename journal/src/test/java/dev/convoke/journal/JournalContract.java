package dev.convoke.journal;

import static dev.convoke.listener.AsyncListener.blocking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.PublishOptions;
import dev.convoke.event.DeadLetter;
import dev.convoke.event.Event;
import dev.convoke.event.UnobservedFailure;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.listener.Subscription;
import dev.convoke.spi.CoordinatorObserver;
import dev.convoke.testkit.journal.JournalCompatibilityKit;
import dev.convoke.testkit.journal.JournalStore;
import dev.convoke.testkit.journal.Order;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** What a JDBC journal promises and does beyond what every journal has to, whatever database it is in. */
abstract class JournalContract extends JournalCompatibilityKit {
    static final JournalOptions QUICK = JournalOptions.defaults().sessionTtl(Duration.ofSeconds(1));

    private @Nullable JdbcStore store;

    /** A journal in the test's database. */
    abstract JdbcJournal open(JournalOptions options);

    /** A connection of the user's own to it. */
    abstract Connection connect() throws SQLException;

    /** A statement after which nobody else writes events until the transaction ends. */
    abstract String lockEvents();

    @Override
    protected JournalStore store() {
        JdbcStore known = store;
        if (known == null) {
            known = new JdbcStore(this::open, this::connect, lockEvents());
            known.createNotes();
            store = known;
        }
        return known;
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
    @DisplayName("D7: dead deliveries are listed and grouped by cause")
    void D7_dead_deliveries_are_grouped() throws Exception {
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

    /** Publishes an order with an identity of its own, and waits until it is accepted. */
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
        closedAfterwards(coordinator);
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
        assertThat(starts).hasValue(3);
    }

    @Test
    @DisplayName("D7: dead deliveries are tried again until too many in a row have failed, and the others stay dead")
    void D7_trying_again_stops_after_failures_in_a_row() throws Exception {
        JdbcJournal journal = open(QUICK);
        AsyncEventCoordinator coordinator = coordinator(journal);
        Queue<Integer> well = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    if (!well.contains(order.number())) {
                        throw new IllegalStateException("not now");
                    }
                }),
                durable("billing").retry(RetryPolicy.none()));
        for (int i = 0; i < 10; i++) {
            publish(coordinator, "ada", i);
            journal.settled("ada-" + i).get(20, TimeUnit.SECONDS);
        }

        well.addAll(List.of(1, 4)); // of 0, 1, 2, 3: three fail, two of them in a row
        assertThat(journal.retryDead(DeadSelection.all(), Duration.ZERO, 100, 2).get(20, TimeUnit.SECONDS))
                .satisfies(report -> {
                    assertThat(report.failed()).isGreaterThanOrEqualTo(2);
                    assertThat(report.succeeded() + report.failed() + report.left())
                            .isEqualTo(10);
                    assertThat(report.left()).isPositive();
                });
        well.addAll(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
        int dead = journal.deadDeliveries(DeadSelection.all(), 100).size();
        assertThat(journal.retryDead(DeadSelection.all(), Duration.ofMillis(1), dead - 1, 2)
                        .get(20, TimeUnit.SECONDS))
                .isEqualTo(new RetryReport(dead - 1, 0, 0));
        assertThat(journal.deadDeliveries(DeadSelection.all(), 100))
                .extracting(DeadDelivery::eventId)
                .containsExactly("ada-9");
    }

    @Test
    @DisplayName("D11: who is to be told that a listener is orphaned is told once, and again if it happens again")
    void D11_an_alarm_tells_of_orphans() throws Exception {
        Queue<DurableListenerStatus> alarms = new ConcurrentLinkedQueue<>();
        AsyncEventCoordinator first = coordinator(open(QUICK.onOrphan(orphan -> {
            alarms.add(orphan);
            throw new IllegalStateException("of a handler");
        })));
        Subscription gone = first.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));
        first.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("audit"));
        gone.close();
        publish(first);

        DurableListenerStatus orphan = new DurableListenerStatus("billing", "order.placed", true, 1, 0);
        await().untilAsserted(() -> assertThat(alarms).containsExactly(orphan));
        Subscription back = first.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));
        await().until(() -> ints("SELECT count(*) FROM convoke_delivery").equals(List.of(0)));
        await().until(() -> !store().isOrphaned(open(QUICK), "billing"));
        back.close();

        await().untilAsserted(() -> assertThat(alarms).hasSize(2));
    }

    @Test
    @DisplayName(
            "D1: what could not be read again is rejected: a number of too many digits, lists that are nested too deeply")
    void D1_what_could_not_be_read_again_is_rejected() {
        AsyncEventCoordinator coordinator = coordinator();
        coordinator.subscribeToEvent("number", blocking(arguments -> {}), durable("reader"));

        List<Object> deep = List.of();
        for (int i = 0; i < 1_000; i++) {
            deep = List.of(deep);
        }

        for (Object argument : List.of(new BigInteger("9".repeat(1_500)), deep)) {
            assertThatThrownBy(() -> coordinator
                            .publishEvent("number", argument)
                            .accepted()
                            .join())
                    .hasMessageContaining("REJECTED")
                    .hasMessageContaining("number");
        }
    }

    @Test
    @DisplayName(
            "D3: what was due long before what was claimed last, as its transaction took so long, is delivered, too")
    void D3_what_was_due_long_before_is_delivered() throws Exception {
        AsyncEventCoordinator coordinator = coordinator();
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        Subscription subscription = coordinator.subscribeToEvent(
                Order.PLACED, blocking(order -> billed.add(order.number())), durable("billing"));
        publish(coordinator, "ada", 1);
        await().until(() -> store().unfinished() == 0);
        subscription.pause();
        publish(coordinator, "ada", 2);
        execute("UPDATE convoke_delivery SET due_at = due_at - 60000");
        subscription.resume();

        await().untilAsserted(() -> assertThat(billed).containsExactly(1, 2));
    }

    @Test
    @DisplayName("a journal that no coordinator uses shows what is dead, and is closed by who opened it")
    void a_journal_without_a_coordinator() throws Exception {
        AsyncEventCoordinator coordinator = coordinator();
        coordinator.subscribeToEvent(
                Order.PLACED,
                blocking(order -> {
                    throw new IllegalStateException("never");
                }),
                durable("billing"));
        publish(coordinator);
        await().until(() -> ints("SELECT count(*) FROM convoke_delivery WHERE state = 'DEAD'")
                .equals(List.of(1)));

        JdbcJournal journal = open(QUICK);
        try (journal) {
            assertThat(journal.deadGroups(10)).hasSize(1);
            assertThat(journal.retryDead(DeadSelection.all(), Duration.ZERO, 10, 1)
                            .get(20, TimeUnit.SECONDS))
                    .isEqualTo(new RetryReport(0, 1, 0));
            assertThatThrownBy(() -> journal.settled("ada-1")).isInstanceOf(IllegalStateException.class);
        }
        assertThatCode(journal::close).as("once more").doesNotThrowAnyException();
        assertThatThrownBy(() -> journal.retryDead(DeadSelection.all(), Duration.ZERO, 10, 1))
                .isInstanceOf(IllegalStateException.class);
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
    @DisplayName("tables of an older version are brought to this one, and what they have is delivered")
    void older_tables_are_brought_to_this_version() throws Exception {
        store();
        for (int version = 1; version <= 2; version++) {
            for (String statement : script(version).split(";\\s*\n", -1)) {
                if (!statement.isBlank()) {
                    execute(statement);
                }
            }
        }
        execute("INSERT INTO convoke_listener VALUES ('billing', 'order.placed', FALSE, TRUE, 0)");
        execute(
                "INSERT INTO convoke_event (source, event_id, name, event_key, published_at, version, payload, attributes,"
                        + " deliveries, stored_at) VALUES ('/convoke', 'o-1', 'order.placed', 'ada', 0, 1,"
                        + " '{\"customer\":\"ada\",\"number\":1}', '{}', 1, 0)");
        execute("INSERT INTO convoke_delivery (event, listener, lane, state, due_at)"
                + " SELECT id, 'billing', 'ada', 'READY', 0 FROM convoke_event");
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();

        coordinator()
                .subscribeToEvent(
                        Order.PLACED,
                        blocking(order -> billed.add(order.number())),
                        durable("billing").ordered());

        await().untilAsserted(() -> assertThat(billed).containsExactly(1));
        await().until(() -> store().unfinished() == 0);
        assertThat(ints("SELECT version FROM convoke_journal")).containsExactly(3);
        assertThat(ints("SELECT count(*) FROM convoke_subscription")).containsExactly(1);
    }

    private String script(int version) throws IOException {
        String dialect = this instanceof SqliteJournalTest ? "sqlite" : "postgresql";
        try (var script = JdbcJournal.class.getResourceAsStream("internal/" + dialect + "-" + version + ".sql")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
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
