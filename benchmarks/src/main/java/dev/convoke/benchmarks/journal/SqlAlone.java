package dev.convoke.benchmarks.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The ceiling: tables like the journal's, and nothing but SQL. An event and three deliveries in a commit; claiming and ending
 * a hundred at a time.
 */
final class SqlAlone {
    private static final int LISTENERS = 3;
    private static final int BATCH = 100;
    private static final String PAYLOAD = "{\"customer\":\"ada\",\"number\":1}";

    private final DataSource dataSource;

    SqlAlone(DataSource dataSource) throws SQLException {
        this.dataSource = dataSource;
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    CREATE TABLE alone_event (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                        event_id TEXT NOT NULL UNIQUE, payload TEXT NOT NULL)""");
            statement.execute("""
                    CREATE TABLE alone_delivery (event BIGINT NOT NULL, listener TEXT NOT NULL, state TEXT NOT NULL,
                        epoch INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (event, listener))""");
            statement.execute("CREATE INDEX alone_ready ON alone_delivery (listener, event) WHERE state = 'READY'");
        }
    }

    /** Publishes events one by one. */
    Clients.Step publisher() throws SQLException {
        Connection connection = dataSource.getConnection();
        connection.setAutoCommit(false);
        PreparedStatement event =
                connection.prepareStatement("INSERT INTO alone_event (event_id, payload) VALUES (?, ?) RETURNING id");
        PreparedStatement deliveries = connection.prepareStatement(
                "INSERT INTO alone_delivery (event, listener, state) VALUES (?, 'l0', 'READY'), (?, 'l1', 'READY'), (?, 'l2', 'READY')");
        return () -> {
            event.setString(1, UUID.randomUUID().toString());
            event.setString(2, PAYLOAD);
            ResultSet id = event.executeQuery();
            id.next();
            for (int i = 1; i <= LISTENERS; i++) {
                deliveries.setLong(i, id.getLong(1));
            }
            deliveries.executeUpdate();
            connection.commit();
            return 1;
        };
    }

    /** Claims for all listeners and ends what it had claimed before, in one transaction. */
    Clients.Step worker() throws SQLException {
        Connection connection = dataSource.getConnection();
        connection.setAutoCommit(false);
        PreparedStatement claim = connection.prepareStatement("""
                WITH due AS MATERIALIZED (SELECT event AS due_event FROM alone_delivery
                    WHERE listener = ? AND state = 'READY' ORDER BY event LIMIT ? FOR UPDATE SKIP LOCKED)
                UPDATE alone_delivery SET state = 'RUNNING', epoch = epoch + 1
                FROM due WHERE event = due_event AND listener = ? RETURNING event, epoch""");
        PreparedStatement end = connection.prepareStatement(
                "DELETE FROM alone_delivery WHERE event = ? AND listener = ? AND epoch = ? AND state = 'RUNNING'");
        return () -> turn(connection, claim, end);
    }

    private static int turn(Connection connection, PreparedStatement claim, PreparedStatement end) throws SQLException {
        end.executeBatch();
        int claimed = 0;
        for (int i = 0; i < LISTENERS; i++) {
            claim.setString(1, "l" + i);
            claim.setInt(2, BATCH);
            claim.setString(3, "l" + i);
            ResultSet rows = claim.executeQuery();
            while (rows.next()) {
                end.setLong(1, rows.getLong(1));
                end.setString(2, "l" + i);
                end.setInt(3, rows.getInt(2));
                end.addBatch();
                claimed++;
            }
        }
        connection.commit();
        return claimed;
    }
}
