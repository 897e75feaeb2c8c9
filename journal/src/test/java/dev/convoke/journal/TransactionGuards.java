package dev.convoke.journal;

import static dev.convoke.listener.AsyncListener.blocking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.PublishOptions;
import dev.convoke.event.EventType;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.testkit.journal.Order;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a listener must not do with the journal's transaction, and what must not get into the journal's tables. */
abstract class TransactionGuards extends JournalContract {
    /** Something that ends a transaction, or would. */
    private interface Ending {
        void of(Connection connection) throws SQLException;
    }

    private static void write(Connection connection, int number) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO guarded VALUES (?)")) {
            insert.setInt(1, number);
            insert.executeUpdate();
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Delivers an order to a listener that writes, does this, and writes again; says what the delivery failed with. */
    private String errorAfter(Ending ending) throws Exception {
        return errorAfterLast(connection -> {
            ending.of(connection);
            write(connection, 2);
        });
    }

    /** The same for what is the last that the listener does. */
    private String errorAfterLast(Ending ending) throws Exception {
        JdbcJournal journal = open(QUICK);
        try (AsyncEventCoordinator coordinator =
                AsyncEventCoordinator.builder().journal(journal).build()) {
            coordinator.subscribeToEvent(
                    Order.PLACED,
                    JdbcListeners.transactional((event, connection) -> {
                        write(connection, 1);
                        ending.of(connection);
                    }),
                    durable("ledger").retry(RetryPolicy.none()));
            publish(coordinator);
            await().until(() -> ints("SELECT count(*) FROM convoke_delivery WHERE state NOT IN ('DEAD', 'DISCARDED')")
                    .equals(List.of(0)));
            List<DeadDelivery> dead = journal.deadDeliveries(DeadSelection.all(), 1);
            journal.discardDead(DeadSelection.all());
            return dead.isEmpty() ? "" : dead.get(0).error().orElseThrow();
        }
    }

    private void assertRefused(String said, Ending ending) throws Exception {
        assertThat(errorAfter(ending))
                .contains("a transactional listener must not")
                .contains(said);
        assertThat(errorAfter(connection -> {
                    try {
                        ending.of(connection);
                    } catch (SQLException ignored) {
                        // and goes on as if nothing had been
                    }
                }))
                .contains("did what it must not")
                .contains(said);
        assertThat(ints("SELECT number FROM guarded")).isEmpty();
    }

    @Test
    @DisplayName("D4: a transactional listener that ends its transaction is stopped, and nothing of it is committed")
    void D4_a_listener_that_ends_its_transaction() throws Exception {
        execute("CREATE TABLE guarded (number INTEGER NOT NULL)");

        assertRefused("commit", Connection::commit);
        assertRefused("roll back", Connection::rollback);
        assertRefused("close", Connection::close);
        assertRefused("abort", connection -> connection.abort(Runnable::run));
        assertRefused("auto-commit", connection -> connection.setAutoCommit(true));
        assertRefused(
                "isolation", connection -> connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED));
        assertRefused("read-only", connection -> connection.setReadOnly(true));
    }

    @Test
    @DisplayName("D4: so is one that ends it by SQL, or by way of a statement")
    void D4_a_listener_that_ends_its_transaction_by_sql() throws Exception {
        execute("CREATE TABLE guarded (number INTEGER NOT NULL)");

        assertRefused("run COMMIT", connection -> run(connection, " /* now */ commit"));
        assertRefused("run COMMIT", connection -> run(connection, "INSERT INTO guarded VALUES (3); COMMIT"));
        assertRefused("run END", connection -> run(connection, "END"));
        assertRefused("run ROLLBACK", connection -> run(connection, "ROLLBACK"));
        assertRefused(
                "run BEGIN", connection -> connection.prepareStatement("BEGIN").execute());
        assertRefused(
                "commit",
                connection ->
                        connection.prepareStatement("SELECT 1").getConnection().commit());
        assertRefused(
                "commit", connection -> connection.unwrap(Connection.class).commit());
    }

    @Test
    @DisplayName("D4: one that gets around the guard fails all the same, and is told what happened")
    void D4_a_transaction_that_is_gone_is_noticed() throws Exception {
        execute("CREATE TABLE guarded (number INTEGER NOT NULL)");

        assertThat(errorAfter(connection -> run(connection.getMetaData().getConnection(), "COMMIT")))
                .contains("has ended the transaction");
        assertThat(ints("SELECT number FROM guarded")).startsWith(1); // which nobody can undo
        assertThat(errorAfter(connection -> run(connection.getMetaData().getConnection(), "ROLLBACK")))
                .contains("has ended the transaction");
    }

    @Test
    @DisplayName("D4: a transactional listener has savepoints, sees that it is in a transaction, and may say so")
    void D4_savepoints_of_a_listener() throws Exception {
        execute("CREATE TABLE guarded (number INTEGER NOT NULL)");

        assertThat(errorAfter(connection -> {
                    assertThat(connection.getAutoCommit()).isFalse();
                    connection.setAutoCommit(false);
                    connection.setTransactionIsolation(connection.getTransactionIsolation());
                    Savepoint unnamed = connection.setSavepoint();
                    write(connection, 10);
                    connection.rollback(unnamed);
                    write(connection, 11);
                    Savepoint named = connection.setSavepoint("a \"name\"");
                    connection.releaseSavepoint(named);
                    run(connection, "SAVEPOINT mine");
                    write(connection, 12);
                    run(connection, "ROLLBACK TO SAVEPOINT mine");
                    run(connection, "SELECT 'COMMIT; ROLLBACK' -- ; COMMIT");
                }))
                .isEmpty();
        assertThat(ints("SELECT number FROM guarded ORDER BY number")).containsExactly(1, 2, 11);
        assertRefusedSavepoint();
    }

    private void assertRefusedSavepoint() throws Exception {
        assertThat(errorAfter(connection -> connection.rollback(new Savepoint() {
                    @Override
                    public int getSavepointId() {
                        return 1;
                    }

                    @Override
                    public String getSavepointName() {
                        return "convoke_delivery";
                    }
                })))
                .contains("a savepoint that it has not set");
        assertThat(errorAfter(connection -> connection.releaseSavepoint(connection.setSavepoint("convoke_delivery"))))
                .contains("a savepoint that it has not set");
        assertThat(errorAfter(connection -> run(connection, "RELEASE SAVEPOINT convoke_delivery")))
                .contains("has ended the transaction");
        assertThat(ints("SELECT number FROM guarded ORDER BY number")).containsExactly(1, 2, 11);
    }

    @Test
    @DisplayName(
            "D4: an SQL error that a listener catches harms nothing after a savepoint; without one, PostgreSQL says what to do")
    void D4_an_error_that_a_listener_catches() throws Exception {
        execute("CREATE TABLE guarded (number INTEGER NOT NULL)");

        assertThat(errorAfterLast(connection -> {
                    Savepoint before = connection.setSavepoint();
                    try {
                        run(connection, "INSERT INTO guarded VALUES (NULL)");
                    } catch (SQLException e) {
                        connection.rollback(before);
                    }
                }))
                .isEmpty();
        assertThat(ints("SELECT number FROM guarded")).containsExactly(1);

        String error = errorAfterLast(connection -> {
            try {
                run(connection, "INSERT INTO guarded VALUES (NULL)");
            } catch (SQLException ignored) {
                // and returns as if nothing had been
            }
        });
        if (error.isEmpty()) { // SQLite has undone the statement alone
            assertThat(ints("SELECT number FROM guarded")).containsExactly(1, 1);
        } else {
            assertThat(error).contains("current transaction is aborted", "set a savepoint");
            assertThat(ints("SELECT number FROM guarded")).containsExactly(1);
        }
    }

    @Test
    @DisplayName("D4: a connection or statement that a listener keeps is of no use after its delivery")
    void D4_a_connection_that_is_kept() throws Exception {
        execute("CREATE TABLE guarded (number INTEGER NOT NULL)");
        AtomicReference<Connection> kept = new AtomicReference<>();
        AtomicReference<Statement> statement = new AtomicReference<>();

        assertThat(errorAfter(connection -> {
                    kept.set(connection);
                    statement.set(connection.createStatement());
                    statement.get().executeQuery("SELECT 1"); // and is not closed
                }))
                .isEmpty();

        assertThat(kept.get().isClosed()).isTrue();
        assertThat(statement.get().isClosed()).isTrue();
        assertThatThrownBy(() -> write(kept.get(), 3)).hasMessageContaining("the delivery has ended");
        assertThatThrownBy(() -> statement.get().execute("INSERT INTO guarded VALUES (3)"))
                .hasMessageContaining("the delivery has ended");
    }

    @Test
    @DisplayName("D2, D4: publishing within a transactional listener goes through its guarded connection")
    void D2_publishing_through_a_guarded_connection() throws Exception {
        JdbcJournal journal = open(QUICK);
        AsyncEventCoordinator coordinator = coordinator(journal);
        EventType<Order> billed = EventType.of("order.billed", Order.class);
        AtomicInteger mailed = new AtomicInteger();
        coordinator.subscribeToEvent(billed, blocking(order -> mailed.incrementAndGet()), durable("mail"));
        coordinator.subscribeToEvent(
                Order.PLACED,
                JdbcListeners.transactional((event, connection) -> journal.publishWithin(
                        connection,
                        billed,
                        event.payload(),
                        PublishOptions.defaults().key("k"))),
                durable("billing"));

        publish(coordinator);

        await().untilAsserted(() -> assertThat(mailed).hasValue(1));
    }

    // ---- text ----

    private static void assertRejected(AsyncEventCoordinator coordinator, PublishOptions options, String... said) {
        assertThatThrownBy(() -> coordinator
                        .publishEvent(Order.PLACED, new Order("ada", 1), options)
                        .accepted()
                        .join())
                .hasMessageContaining("REJECTED")
                .hasMessageContainingAll(said);
    }

    @Test
    @DisplayName("D1: text that the database cannot store is rejected by its name, before any SQL")
    void D1_text_that_cannot_be_stored_is_rejected() {
        AsyncEventCoordinator coordinator = coordinator();
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));
        PublishOptions options = PublishOptions.defaults();

        assertRejected(coordinator, options.key("a\0b"), "the key of an event order.placed", "NUL", "index 1");
        assertRejected(coordinator, options.key("\udc00b"), "the key of an event", "half a character");
        assertRejected(coordinator, options.key("k".repeat(16_385)), "the key of an event", "16385", "16384");
        assertRejected(coordinator, options.source(URI.create("/" + "s".repeat(512))), "the source", "513", "512");
        assertRejected(coordinator, options.attribute("a", "\ud800"), "the attributes", "half a character");
    }

    @Test
    @DisplayName(
            "D1: attributes count as the payload does: an event that is too large with them is rejected, wherever it is published")
    void D1_attributes_that_are_too_large_are_rejected() throws Exception {
        JdbcJournal journal = open(QUICK.maxPayloadBytes(200));
        AsyncEventCoordinator coordinator = coordinator(journal);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvents(
                "order.*", blocking(event -> seen.add(event.attributes().get("a"))), durable("billing"));
        PublishOptions options = PublishOptions.defaults().key("k");

        assertRejected(
                coordinator,
                options.attribute("a", "x".repeat(200)),
                "its attributes 208 bytes",
                "the journal takes 200");
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> journal.publishWithin(
                            connection, Order.PLACED, new Order("ada", 1), options.attribute("a", "x".repeat(200))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("its attributes 208 bytes");
            connection.rollback();
        }
        coordinator
                .publishEvent(Order.PLACED, new Order("ada", 1), options.attribute("a", "fits"))
                .accepted()
                .join();

        await().untilAsserted(() -> assertThat(seen).containsExactly("fits"));
    }

    @Test
    @DisplayName("publishing within a transaction says which argument is null")
    void arguments_that_are_null() throws Exception {
        JdbcJournal journal = open(QUICK);
        Order order = new Order("ada", 1);
        PublishOptions options = PublishOptions.defaults();
        try (Connection connection = connect()) {
            assertNull("connection", () -> journal.publishWithin(null, Order.PLACED, order, options));
            assertNull("event type", () -> journal.publishWithin(connection, null, order, options));
            assertNull("payload", () -> journal.publishWithin(connection, Order.PLACED, null, options));
            assertNull("options", () -> journal.publishWithin(connection, Order.PLACED, order, null));
        } finally {
            journal.close();
        }
    }

    private static void assertNull(String what, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(what + " must not be null");
    }

    @Test
    @DisplayName("D1: the longest id, source, key and attributes that are taken come back as they are")
    void D1_the_longest_text_is_stored() {
        AsyncEventCoordinator coordinator = coordinator();
        Queue<Object> seen = new ConcurrentLinkedQueue<>();
        coordinator.subscribeToEvents(
                "order.*",
                blocking(event -> {
                    seen.add(event.id());
                    seen.add(event.source());
                    seen.add(event.key().orElseThrow());
                    seen.add(event.attributes().get("nul"));
                }),
                durable("billing"));
        String id = random('\u0d85', 255);
        URI source = URI.create("/" + random('\u0d85', 511));
        String key = random('\u0d85', 16_384);

        coordinator
                .publishEvent(
                        Order.PLACED,
                        new Order("ada\0 \ud83d\ude00", 1),
                        PublishOptions.defaults().id(id).source(source).key(key).attribute("nul", "a\0b"))
                .accepted()
                .join();

        await().untilAsserted(() -> assertThat(seen).containsExactly(id, source, key, "a\0b"));
    }

    /** Text that cannot be compressed much, of characters that take three bytes each. */
    private static String random(char from, int length) {
        return new java.util.Random(5)
                .ints(length, from, from + 18)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
