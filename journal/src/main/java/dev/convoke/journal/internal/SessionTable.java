package dev.convoke.journal.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The processes that use the journal, and their heartbeats. Thread-safe: it has no state of its own. */
final class SessionTable {
    private final Database database;

    SessionTable(Database database) {
        this.database = database;
    }

    /**
     * A process that uses the journal, from its start to its end.
     *
     * @param process which virtual machine it is in
     * @param ttlMillis after what time without a heartbeat it may be taken for dead
     * @param beats how many heartbeats it has made
     * @param generation how often the listeners had changed when it last looked
     */
    record Session(String id, String process, long ttlMillis, long beats, long generation) {}

    void begin(Connection connection, Session session) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(database.sql("""
                INSERT INTO convoke_session (id, process, ttl, beats, generation, heartbeat_at)
                VALUES (?, ?, ?, ?, ?, :now)"""))) {
            insert.setString(1, session.id);
            insert.setString(2, session.process);
            insert.setLong(3, session.ttlMillis);
            insert.setLong(4, session.beats);
            insert.setLong(5, session.generation);
            insert.executeUpdate();
        }
    }

    /** Makes a heartbeat, and says which listeners the process knows; false where it was taken for dead. */
    boolean beat(Connection connection, String id, long generation) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(database.sql("""
                UPDATE convoke_session SET beats = beats + 1, heartbeat_at = :now, generation = ? WHERE id = ?"""))) {
            update.setLong(1, generation);
            update.setString(2, id);
            return update.executeUpdate() == 1;
        }
    }

    boolean exists(Connection connection, String id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(database.sql("SELECT 1 FROM convoke_session WHERE id = ?"))) {
            select.setString(1, id);
            return select.executeQuery().next();
        }
    }

    void end(Connection connection, String id) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement(database.sql("DELETE FROM convoke_session WHERE id = ?"))) {
            delete.setString(1, id);
            delete.executeUpdate();
        }
    }

    /** Ends a session of another process that has made no heartbeat since; says whether that is so. */
    boolean endSilent(Connection connection, Session silent) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(database.sql("""
                DELETE FROM convoke_session WHERE id IN (
                    SELECT id FROM convoke_session WHERE id = ? AND beats = ? :skip)"""))) {
            delete.setString(1, silent.id);
            delete.setLong(2, silent.beats);
            return delete.executeUpdate() == 1;
        }
    }

    List<Session> all(Connection connection) throws SQLException {
        List<Session> sessions = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                database.sql("SELECT id, process, ttl, beats, generation FROM convoke_session"))) {
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                sessions.add(new Session(
                        rows.getString(1), rows.getString(2), rows.getLong(3), rows.getLong(4), rows.getLong(5)));
            }
        }
        return sessions;
    }
}
