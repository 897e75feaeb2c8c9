package dev.convoke.journal.internal;

import dev.convoke.journal.DurableListenerStatus;
import dev.convoke.spi.DurableListener;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The durable listeners. Thread-safe: it has no state of its own. */
final class ListenerTable {
    private static final String NEXT_GENERATION = "UPDATE convoke_journal SET generation = generation + 1";

    private final Dialect dialect;

    ListenerTable(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Enters a listener, or what is new of it; who publishes from then on does so for it. */
    void enter(Connection connection, DurableListener listener, List<String> namesBefore) throws SQLException {
        boolean isRenamed = false;
        for (String before : namesBefore) {
            isRenamed |= rename(connection, before, listener.id());
        }
        if (isEntered(connection, listener) && !isRenamed) {
            return;
        }
        dialect.lockCatalog(connection);
        try (PreparedStatement insert = connection.prepareStatement(dialect.sql("""
                        INSERT INTO convoke_listener (id, selector, pattern, ordered, seen_at) VALUES (?, ?, ?, ?, :now)
                        ON CONFLICT (id) DO UPDATE SET
                            selector = excluded.selector, pattern = excluded.pattern, ordered = excluded.ordered,
                            seen_at = excluded.seen_at"""))) {
            set(insert, 1, listener);
            insert.executeUpdate();
        }
        Database.execute(connection, NEXT_GENERATION);
    }

    /** What events are called now, by what they were called before; says whether any of that is new. */
    boolean renameEvents(Connection connection, Map<String, String> renamed) throws SQLException {
        if (!isAnyNew(connection, renamed)) {
            return false;
        }
        dialect.lockCatalog(connection);
        try (PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO convoke_event_name (before, now) VALUES (?, ?)
                        ON CONFLICT (before) DO UPDATE SET now = excluded.now""")) {
            for (Map.Entry<String, String> name : renamed.entrySet()) {
                insert.setString(1, name.getKey());
                insert.setString(2, name.getValue());
                insert.executeUpdate();
            }
        }
        Database.execute(connection, NEXT_GENERATION);
        return true;
    }

    private static boolean isAnyNew(Connection connection, Map<String, String> renamed) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT 1 FROM convoke_event_name WHERE before = ? AND now = ?")) {
            for (Map.Entry<String, String> name : renamed.entrySet()) {
                select.setString(1, name.getKey());
                select.setString(2, name.getValue());
                ResultSet found = select.executeQuery();
                if (!found.next()) {
                    return true;
                }
            }
            return false;
        }
    }

    private boolean isEntered(Connection connection, DurableListener listener) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(dialect.sql("""
                        UPDATE convoke_listener SET seen_at = :now
                        WHERE id = ? AND selector = ? AND pattern = ? AND ordered = ?"""))) {
            set(update, 1, listener);
            return update.executeUpdate() == 1;
        }
    }

    private static void set(PreparedStatement statement, int from, DurableListener listener) throws SQLException {
        statement.setString(from, listener.id());
        statement.setString(from + 1, listener.subscribedTo());
        statement.setBoolean(from + 2, listener.type() == null);
        statement.setBoolean(from + 3, listener.options().isOrdered());
    }

    /** A living process has the listener. */
    void seen(Connection connection, List<DurableListener> listeners) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(dialect.sql("UPDATE convoke_listener SET seen_at = :now WHERE id = ?"))) {
            for (DurableListener listener : listeners) {
                update.setString(1, listener.id());
                update.addBatch();
            }
            if (!listeners.isEmpty()) {
                update.executeBatch();
            }
        }
    }

    /**
     * What is kept for a listener under the name it had before is its own from now on; says whether there was such a listener. What
     * runs under that name in another process is to be run again.
     */
    private boolean rename(Connection connection, String from, String to) throws SQLException {
        dialect.lockCatalog(connection);
        try (PreparedStatement update = connection.prepareStatement("""
                        UPDATE convoke_delivery SET listener = ?, epoch = epoch + 1, session = NULL,
                            state = CASE state WHEN 'RUNNING' THEN 'READY' ELSE state END
                        WHERE listener = ?""")) {
            update.setString(1, to);
            update.setString(2, from);
            update.executeUpdate();
        }
        return delete(connection, from);
    }

    private static boolean delete(Connection connection, String id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM convoke_listener WHERE id = ?")) {
            delete.setString(1, id);
            return delete.executeUpdate() == 1;
        }
    }

    /** Gives up a listener with all its deliveries, and says how many there were; -1 where a living process has it. */
    int retire(Connection connection, String id, long ttlMillis) throws SQLException {
        dialect.lockCatalog(connection);
        if (isSeen(connection, id, ttlMillis)) {
            return -1;
        }
        if (delete(connection, id)) {
            Database.execute(connection, NEXT_GENERATION);
        }
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM convoke_delivery WHERE listener = ?")) {
            delete.setString(1, id);
            return delete.executeUpdate();
        }
    }

    private boolean isSeen(Connection connection, String id, long ttlMillis) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                dialect.sql("SELECT 1 FROM convoke_listener WHERE id = ? AND seen_at >= :now - ?"))) {
            select.setString(1, id);
            select.setLong(2, ttlMillis);
            ResultSet rows = select.executeQuery();
            return rows.next();
        }
    }

    /** Those that no living process has. */
    Set<String> orphans(Connection connection, long ttlMillis) throws SQLException {
        Set<String> orphans = new HashSet<>();
        try (PreparedStatement select =
                connection.prepareStatement(dialect.sql("SELECT id FROM convoke_listener WHERE seen_at < :now - ?"))) {
            select.setLong(1, ttlMillis);
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                orphans.add(rows.getString(1));
            }
        }
        return orphans;
    }

    List<DurableListenerStatus> list(Connection connection, long ttlMillis) throws SQLException {
        List<DurableListenerStatus> listeners = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(dialect.sql("""
                        SELECT id, selector, CASE WHEN seen_at < :now - ? THEN 1 ELSE 0 END,
                            (SELECT count(*) FROM convoke_delivery WHERE listener = id
                                AND state NOT IN ('DEAD', 'DISCARDED')),
                            (SELECT count(*) FROM convoke_delivery WHERE listener = id AND state = 'DEAD')
                        FROM convoke_listener ORDER BY id"""))) {
            select.setLong(1, ttlMillis);
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                listeners.add(new DurableListenerStatus(
                        rows.getString(1), rows.getString(2), rows.getInt(3) == 1, rows.getLong(4), rows.getLong(5)));
            }
        }
        return listeners;
    }
}
