package dev.convoke.examples.readme;

import static dev.convoke.journal.JdbcListeners.transactional;
import static dev.convoke.listener.AsyncListener.blocking;
import static dev.convoke.listener.AsyncListener.blockingWithContext;
import static dev.convoke.listener.ListenerOptions.named;
import static dev.convoke.listener.RetryPolicy.exponential;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.PublishOptions;
import dev.convoke.event.EventType;
import dev.convoke.event.Receipt;
import dev.convoke.journal.DeadGroup;
import dev.convoke.journal.EventStatus;
import dev.convoke.journal.JdbcJournal;
import dev.convoke.journal.JournalOptions;
import dev.convoke.journal.RetryReport;
import dev.convoke.listener.RetryPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** The guide to durable listeners shows what runs here. */
class DurableGuideTest {
    private static final Page GUIDE = new Page("docs/durable.md");
    private static final int JAVA_BLOCKS = 8;

    record OrderPlaced(String customer, int cents) {}

    static final EventType<OrderPlaced> ORDER_PLACED =
            EventType.of("order.placed", OrderPlaced.class).keyedBy(OrderPlaced::customer);

    @TempDir
    Path directory;

    private final Queue<OrderPlaced> charged = new ConcurrentLinkedQueue<>();
    private final Queue<String> paid = new ConcurrentLinkedQueue<>();

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
    @DisplayName("the first program delivers what it has published, also when it is started again")
    void the_first_program() {
        String file = directory.resolve("orders.db").toString();
        DurableOrders.main(new String[] {file});
        DurableOrders.main(new String[] {file});

        try (JdbcJournal journal = JdbcJournal.sqlite(Path.of(file))) {
            assertThat(journal.listeners()).singleElement().satisfies(billing -> {
                assertThat(billing.listener()).isEqualTo("billing");
                assertThat(billing.open() + billing.dead()).isZero();
            });
        }
    }

    private interface Guided {
        void run(JdbcJournal journal, AsyncEventCoordinator coordinator) throws Exception;
    }

    private void guided(Guided guided) throws Exception {
        JdbcJournal journal = JdbcJournal.sqlite(directory.resolve("events.db"));
        try (AsyncEventCoordinator coordinator =
                AsyncEventCoordinator.builder().journal(journal).build()) {
            guided.run(journal, coordinator);
        }
    }

    @Test
    @DisplayName("it can be known that an event is stored, and what became of it")
    void what_became_of_an_event() throws Exception {
        guided((journal, coordinator) -> {
            OrderPlaced order = new OrderPlaced("Ada", 2_100);
            coordinator.subscribeToEvent(
                    ORDER_PLACED, blocking(this::charge), named("billing").durable());
            // tag::status[]
            Receipt receipt = coordinator
                    .publishEvent(ORDER_PLACED, order, PublishOptions.defaults().id("order-4711"))
                    .accepted()
                    .join(); // the event is stored

            Optional<EventStatus> soFar = journal.status(receipt.eventId());
            EventStatus settled =
                    journal.settled(receipt.eventId()).join(); // every delivery is done, dead or discarded
            // end::status[]
            assertThat(soFar).isPresent();
            assertThat(settled.done()).isEqualTo(1);
        });
        assertThat(charged).hasSize(1);
    }

    @Test
    @DisplayName("effects happen once: in the same transaction, or by the idempotency key")
    void effects_exactly_once() throws Exception {
        guided((journal, coordinator) -> {
            // tag::transactional[]
            coordinator.subscribeToEvent(
                    ORDER_PLACED,
                    transactional((event, connection) ->
                            post(connection, event.id(), event.payload().cents())),
                    named("ledger").durable());
            // end::transactional[]
            // tag::idempotent[]
            coordinator.subscribeToEvent(
                    ORDER_PLACED,
                    blockingWithContext((order, context) -> pay(order, context.idempotencyKey())),
                    named("payment").durable());
            // end::idempotent[]
            publishAndSettle(journal, coordinator);
        });
        assertThat(postings()).isEqualTo(1);
        assertThat(paid).hasSize(1);
    }

    private void pay(OrderPlaced order, String idempotencyKey) {
        paid.add(idempotencyKey + " " + order.cents());
    }

    private static EventStatus publishAndSettle(JdbcJournal journal, AsyncEventCoordinator coordinator) {
        Receipt receipt = coordinator
                .publishEvent(ORDER_PLACED, new OrderPlaced("Ada", 2_100))
                .accepted()
                .join();
        return journal.settled(receipt.eventId()).join();
    }

    @Test
    @DisplayName("a listener is ordered by key, and has a retry policy of its own")
    void ordered() throws Exception {
        guided((journal, coordinator) -> {
            // tag::ordered[]
            coordinator.subscribeToEvent(
                    ORDER_PLACED, // keyedBy(OrderPlaced::customer)
                    blocking(this::charge),
                    named("billing").durable().ordered().retry(exponential(8).backoff(ofSeconds(1), ofMinutes(5))));
            // end::ordered[]
            publishAndSettle(journal, coordinator);
        });
        assertThat(charged).hasSize(1);
    }

    @Test
    @DisplayName("a new version of an application has other names")
    void renamed() throws Exception {
        record OrderCreated(String customer) {}
        EventType<OrderCreated> before = EventType.of("order.created", OrderCreated.class);
        guided((journal, coordinator) -> {
            coordinator
                    .subscribeToEvent(
                            before, blocking(order -> {}), named("invoicing").durable())
                    .pause();
            coordinator.publishEvent(before, new OrderCreated("Ada")).accepted().join();
        });
        // tag::renamed[]
        var options = JournalOptions.defaults()
                .renamedListener("invoicing", "billing")
                .renamedEvent("order.created", "order.placed")
                .version("order.placed", 2)
                .upcaster("order.placed", 1, order -> ((ObjectNode) order).put("cents", 0))
                .unreadableGrace(Duration.ofHours(4)) // longer than a deployment takes, with a rollback
                .onUnreadable(unreadable -> System.err.println("no process can read this yet: " + unreadable));
        // end::renamed[]
        try (JdbcJournal journal = JdbcJournal.sqlite(directory.resolve("events.db"), options);
                AsyncEventCoordinator coordinator =
                        AsyncEventCoordinator.builder().journal(journal).build()) {
            coordinator.subscribeToEvent(
                    ORDER_PLACED, blocking(this::charge), named("billing").durable());
            await().until(() -> !charged.isEmpty());
        }
        assertThat(charged).containsExactly(new OrderPlaced("Ada", 0));
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
                        .orTimeout(10, TimeUnit.MINUTES) // nothing more is retried after that
                        .join();
                System.out.println(group.listener() + ": " + report);
            }
            // end::dead[]
        }
        assertThat(charged).hasSize(1);
    }
}
