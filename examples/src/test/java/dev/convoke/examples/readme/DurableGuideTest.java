package dev.convoke.examples.readme;

import static dev.convoke.journal.JdbcListeners.transactional;
import static dev.convoke.listener.AsyncListener.blocking;
import static dev.convoke.listener.ListenerOptions.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.PublishOptions;
import dev.convoke.event.EventType;
import dev.convoke.event.Receipt;
import dev.convoke.journal.DeadGroup;
import dev.convoke.journal.EventStatus;
import dev.convoke.journal.JdbcJournal;
import dev.convoke.journal.RetryReport;
import dev.convoke.listener.RetryPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide to durable listeners shows what runs here. */
class DurableGuideTest {
    private static final Page GUIDE = new Page("docs/durable.md");
    private static final int JAVA_BLOCKS = 3;

    record OrderPlaced(String customer, int cents) {}

    static final EventType<OrderPlaced> ORDER_PLACED =
            EventType.of("order.placed", OrderPlaced.class).keyedBy(OrderPlaced::customer);

    @TempDir
    Path directory;

    private final Queue<OrderPlaced> charged = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void createTables() throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE ledger (event TEXT NOT NULL, cents INTEGER NOT NULL)");
            statement.execute("CREATE TABLE orders (customer TEXT NOT NULL)");
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("events.db") + "?busy_timeout=10000");
    }

    @Test
    @DisplayName("the guide to durable listeners shows regions of this test, and its files are there")
    void the_guide_shows_what_runs_here() throws IOException {
        GUIDE.hasRegionsOf(Path.of("src/test/java/dev/convoke/examples/readme"), JAVA_BLOCKS);
        assertThat(GUIDE.links()).allSatisfy(link -> assertThat(link).exists());
    }

    @Test
    @DisplayName("durable listeners get what was published")
    void durable_listeners() throws Exception {
        Path file = directory.resolve("events.db");
        OrderPlaced order = new OrderPlaced("Ada", 2_100);
        // tag::durable[]
        var journal = JdbcJournal.sqlite(file); // or JdbcJournal.open(dataSource): PostgreSQL 13 or newer
        var coordinator = AsyncEventCoordinator.builder().journal(journal).build();
        coordinator.subscribeToEvent(
                ORDER_PLACED, blocking(this::charge), named("billing").durable().ordered());
        coordinator.subscribeToEvent(
                ORDER_PLACED,
                transactional((event, connection) ->
                        post(connection, event.id(), event.payload().cents())),
                named("ledger").durable());

        coordinator.publishEvent(ORDER_PLACED, order).accepted().join(); // committed: both will run, kill -9 or not
        // end::durable[]
        await().until(() -> postings() == 1 && charged.size() == 1);
        coordinator.close();
        assertThat(charged).containsExactly(order);
    }

    private void charge(OrderPlaced order) {
        charged.add(order);
    }

    private static void post(Connection connection, String event, int cents) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO ledger VALUES (?, ?)")) {
            insert.setString(1, event);
            insert.setInt(2, cents);
            insert.executeUpdate();
        }
    }

    private int postings() throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM ledger")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Test
    @DisplayName("an event is published with the publisher's own writes")
    void published_within() throws Exception {
        OrderPlaced order = new OrderPlaced("Ada", 2_100);
        var journal = JdbcJournal.sqlite(directory.resolve("events.db"));
        try (var coordinator = AsyncEventCoordinator.builder().journal(journal).build();
                Connection connection = connect()) {
            coordinator.subscribeToEvent(
                    ORDER_PLACED, blocking(this::charge), named("billing").durable());
            // tag::within[]
            connection.setAutoCommit(false);
            insert(connection, order);
            Receipt receipt = journal.publishWithin(connection, ORDER_PLACED, order, PublishOptions.defaults());
            connection.commit(); // the row and the event, or neither

            EventStatus settled = journal.settled(receipt.eventId()).join(); // when every listener is done, or given up
            // end::within[]
            assertThat(settled.done()).isEqualTo(1);
        }
        assertThat(charged).containsExactly(order);
    }

    private static void insert(Connection connection, OrderPlaced order) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO orders VALUES (?)")) {
            insert.setString(1, order.customer());
            insert.executeUpdate();
        }
    }

    @Test
    @DisplayName("dead deliveries are tried again, group by group")
    void dead_deliveries() throws Exception {
        var journal = JdbcJournal.sqlite(directory.resolve("events.db"));
        try (var coordinator = AsyncEventCoordinator.builder().journal(journal).build()) {
            var failing = coordinator.subscribeToEvent(
                    ORDER_PLACED,
                    blocking(order -> {
                        throw new IllegalStateException("no such account");
                    }),
                    named("billing").durable().retry(RetryPolicy.none()));
            Receipt receipt = coordinator
                    .publishEvent(ORDER_PLACED, new OrderPlaced("Ada", 2_100))
                    .accepted()
                    .join();
            assertThat(journal.settled(receipt.eventId()).join().done()).isZero();
            failing.close();
            coordinator.subscribeToEvent(
                    ORDER_PLACED, blocking(this::charge), named("billing").durable());
            // tag::dead[]
            for (DeadGroup group : journal.deadGroups(10)) { // by listener, reason and error
                RetryReport report = journal.retryDead(
                                group.selection(),
                                Duration.ofMillis(100),
                                1_000,
                                5) // 5 open at a time, until 5 in a row fail again
                        .join();
                System.out.println(group.listener() + ": " + report);
            }
            // end::dead[]
        }
        assertThat(charged).hasSize(1);
    }
}
