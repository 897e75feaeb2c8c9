package dev.convoke.journal.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The processes that use the journal, and their signs of life. Thread-safe: it has no state of its own. */
final class SessionTable {
    private final Dialect dialect;

    SessionTable(Dialect dialect) {
        this.dialect = dialect;
    }

    void begin(Connection connection, String id, long generation) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                dialect.sql("INSERT INTO convoke_session (id, heartbeat_at, generation) VALUES (?, :now, ?)"))) {
            insert.setString(1, id);
            insert.setLong(2, generation);
            insert.executeUpdate();
        }
    }

    /** Says that the process lives, and which listeners it knows; false where it was taken for dead. */
    boolean beat(Connection connection, String id, long generation) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                dialect.sql("UPDATE convoke_session SET heartbeat_at = :now, generation = ? WHERE id = ?"))) {
            update.setLong(1, generation);
            update.setString(2, id);
            return update.executeUpdate() == 1;
        }
    }

    void end(Connection connection, String id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM convoke_session WHERE id = ?")) {
            delete.setString(1, id);
            delete.executeUpdate();
        }
    }

    /** Ends those without a sign of life for so long; says how many. */
    int endSilent(Connection connection, long ttlMillis) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(dialect.sql("""
                        DELETE FROM convoke_session WHERE id IN (
                            SELECT id FROM convoke_session WHERE heartbeat_at < :now - ? :skip)"""))) {
            delete.setLong(1, ttlMillis);
            return delete.executeUpdate();
        }
    }

    /** Whether any living one but this does not know the listeners of this generation. */
    boolean isAnyBehind(Connection connection, String but, long generation, long ttlMillis) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(dialect.sql("""
                        SELECT 1 FROM convoke_session
                        WHERE id <> ? AND generation < ? AND heartbeat_at >= :now - ? LIMIT 1"""))) {
            select.setString(1, but);
            select.setLong(2, generation);
            select.setLong(3, ttlMillis);
            ResultSet rows = select.executeQuery();
            return rows.next();
        }
    }
}
