package dev.convoke.examples.demo.listeners;

import dev.convoke.examples.demo.github.Webhook;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A table of how many events there are by name, repository and sender: as {@link Statistics}, but for a transaction.
 *
 * <p>Thread-safe: it has no state.
 */
final class StatisticsTable {
    /** Makes the table where there is none. */
    static final String CREATE = """
            CREATE TABLE IF NOT EXISTS demo_statistics (
                kind TEXT NOT NULL, name TEXT NOT NULL, events INTEGER NOT NULL, PRIMARY KEY (kind, name))""";

    /** Adding one is what must not be done twice: no unique key would forgive that. */
    private static final String ADD = """
            INSERT INTO demo_statistics (kind, name, events) VALUES (?, ?, 1)
            ON CONFLICT (kind, name) DO UPDATE SET events = events + 1""";

    private static final String COUNT = """
            SELECT count(*) FILTER (WHERE kind = 'event'),
                count(*) FILTER (WHERE kind = 'repository'),
                count(*) FILTER (WHERE kind = 'sender')
            FROM demo_statistics""";

    private static final String BUSIEST = """
            SELECT name, events FROM demo_statistics
            WHERE kind = 'repository' ORDER BY events DESC, name LIMIT 1""";

    private StatisticsTable() {}

    /** Counts one event, in the caller's transaction. */
    static void count(Webhook webhook, Connection connection) throws SQLException {
        try (PreparedStatement add = connection.prepareStatement(ADD)) {
            add(add, "event", webhook.event());
            if (webhook.repository().isPresent()) {
                add(add, "repository", webhook.repository().get());
            }
            if (webhook.sender().isPresent()) {
                add(add, "sender", webhook.sender().get());
            }
        }
    }

    private static void add(PreparedStatement add, String kind, String name) throws SQLException {
        add.setString(1, kind);
        add.setString(2, name);
        add.executeUpdate();
    }

    /** What was counted so far. */
    static Counts counts(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet counts = statement.executeQuery(COUNT);
                Statement another = connection.createStatement();
                ResultSet busiest = another.executeQuery(BUSIEST)) {
            boolean any = busiest.next();
            return new Counts(
                    counts.getInt(1),
                    counts.getInt(2),
                    counts.getInt(3),
                    any ? busiest.getString(1) : "",
                    any ? busiest.getInt(2) : 0);
        }
    }
}
