package dev.convoke.journal;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.PublishOptions;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.testkit.journal.Order;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** What tests of operators have in common: a database, coordinators that are closed, and dead deliveries that are made by hand. */
abstract class OperatorScene {
    static final JournalOptions QUICK = JournalOptions.defaults().sessionTtl(Duration.ofSeconds(1));

    private final List<AutoCloseable> opened = new ArrayList<>();

    /** A journal in the test's database. */
    abstract JdbcJournal open(JournalOptions options);

    /** A connection of the user's own to it. */
    abstract Connection connect() throws SQLException;

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    /** A journal that no coordinator uses, which is closed after the test. */
    final JdbcJournal operator() {
        return closedAfterwards(open(QUICK));
    }

    final AsyncEventCoordinator coordinator(JdbcJournal journal) {
        return closedAfterwards(AsyncEventCoordinator.builder().journal(journal).build());
    }

    final <T extends AutoCloseable> T closedAfterwards(T one) {
        opened.add(one);
        return one;
    }

    /** A durable listener that is tried once. */
    static ListenerOptions once(String name) {
        return ListenerOptions.named(name).durable().retry(RetryPolicy.none());
    }

    static void publish(AsyncEventCoordinator coordinator, String customer, int number) {
        coordinator
                .publishEvent(
                        Order.PLACED,
                        new Order(customer, number),
                        PublishOptions.defaults().id(customer + "-" + number))
                .accepted()
                .join();
    }

    /** Enters a listener that no process has. */
    final void enter(String listener) throws SQLException {
        execute("INSERT INTO convoke_listener (id, name, seen_at) VALUES ('" + listener + "', '" + listener + "', 0)");
        execute("INSERT INTO convoke_listener_name (name, listener) VALUES ('" + listener + "', '" + listener + "')");
    }

    /** Enters so many dead deliveries to a listener. */
    final void bury(String listener, String event, int many, String reason, String error) throws SQLException {
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            try (PreparedStatement events = connection.prepareStatement("""
                            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                            INSERT INTO convoke_event (source, event_id, name, published_at, version, payload, attributes,
                                deliveries, stored_at)
                            SELECT '/convoke', ? || '-' || i, 'order.placed', 7, 1, '{"customer":"ada","number":1}', '{}', 1, 0
                            FROM n""");
                    PreparedStatement dead = connection.prepareStatement("""
                            INSERT INTO convoke_delivery (event, listener, state, due_at, reason, error)
                            SELECT id, ?, 'DEAD', 8, ?, ? FROM convoke_event WHERE event_id LIKE ? || '-%'""")) {
                events.setInt(1, many);
                events.setString(2, event);
                events.executeUpdate();
                dead.setString(1, listener);
                dead.setString(2, reason);
                dead.setString(3, error);
                dead.setString(4, event);
                dead.executeUpdate();
            }
            connection.commit();
        }
    }

    final void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    final long count(String sql) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT " + sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    final long countOf(String listener, String state) throws SQLException {
        return count("count(*) FROM convoke_delivery WHERE listener = '" + listener + "' AND state = '" + state + "'");
    }
}
