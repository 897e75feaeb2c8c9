package dev.convoke.benchmarks.journal.subject;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** PostgreSQL's. */
final class PostgresqlDialect implements Dialect {
    private static final String TABLES = """
            SELECT pg_advisory_lock(4711);
            CREATE TABLE IF NOT EXISTS alone_event (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                event_id UUID NOT NULL UNIQUE, customer TEXT NOT NULL, number INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS alone_delivery (event BIGINT NOT NULL, listener SMALLINT NOT NULL,
                PRIMARY KEY (event, listener));
            SELECT pg_advisory_unlock(4711)""";

    private static final String INSERT = """
            WITH event AS (
                INSERT INTO alone_event (event_id, customer, number) SELECT * FROM unnest(?::uuid[], ?::text[], ?::int[])
                RETURNING id)
            INSERT INTO alone_delivery SELECT id, listener FROM event, generate_series(0, ? - 1) AS listener""";

    private static final String TAKE = """
            WITH due AS MATERIALIZED (
                SELECT event, listener FROM alone_delivery ORDER BY event, listener LIMIT ? FOR UPDATE SKIP LOCKED),
            taken AS (
                DELETE FROM alone_delivery USING due
                WHERE alone_delivery.event = due.event AND alone_delivery.listener = due.listener)
            SELECT listener, customer, number FROM due JOIN alone_event ON id = event ORDER BY id""";

    /** Held to the end of the transaction, so that one process at a time delivers in order. */
    private static final String HAVE_TURN = "SELECT pg_try_advisory_xact_lock(4712)";

    @Override
    public void createTables(DataSource dataSource) throws SQLException {
        Business.execute(dataSource, TABLES);
    }

    /** Rows are locked, not all writers. */
    @Override
    public Turn turn() {
        return () -> {};
    }

    /** It is one statement. */
    @Override
    public void append(Connection connection, List<Order> orders, int listeners) throws SQLException {
        insert(connection, orders, listeners);
    }

    @Override
    public void insert(Connection connection, List<Order> orders, int listeners) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "uuid",
                            orders.stream().map(order -> UUID.randomUUID()).toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text", orders.stream().map(Order::customer).toArray()));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "int4", orders.stream().map(Order::number).toArray()));
            statement.setInt(4, listeners);
            statement.executeUpdate();
        }
    }

    @Override
    public List<Due> take(Connection connection, int atMost, boolean ordered) throws SQLException {
        if (ordered && !haveTurn(connection)) {
            return List.of();
        }
        try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setInt(1, atMost);
            ResultSet rows = statement.executeQuery();
            List<Due> due = new ArrayList<>();
            while (rows.next()) {
                due.add(new Due(rows.getInt(1), new Order(rows.getString(2), rows.getInt(3))));
            }
            return due;
        }
    }

    private static boolean haveTurn(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HAVE_TURN)) {
            ResultSet row = statement.executeQuery();
            row.next();
            return row.getBoolean(1);
        }
    }
}
