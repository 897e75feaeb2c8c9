package dev.convoke.journal.internal;

import dev.convoke.journal.DurableListenerStatus;
import dev.convoke.spi.DurableListener;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The durable listeners. Thread-safe: it has no state of its own. */
final class ListenerTable {
    private static final String NEXT_GENERATION = "UPDATE convoke_journal SET generation = generation + 1";

    private final Dialect dialect;

    ListenerTable(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Enters a listener, or what is new of it; who publishes from then on does so for it. */
    void enter(Connection connection, DurableListener listener) throws SQLException {
        if (isEntered(connection, listener)) {
            return;
        }
        dialect.lockCatalog(connection);
        try (PreparedStatement insert = connection.prepareStatement(dialect.sql("""
                        INSERT INTO convoke_listener (id, selector, pattern, ordered, seen_at) VALUES (?, ?, ?, ?, :now)
                        ON CONFLICT (id) DO UPDATE SET
                            selector = excluded.selector, pattern = excluded.pattern, ordered = excluded.ordered"""))) {
            set(insert, listener);
            insert.executeUpdate();
        }
        Database.execute(connection, NEXT_GENERATION);
    }

    private static boolean isEntered(Connection connection, DurableListener listener) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT 1 FROM convoke_listener WHERE id = ? AND selector = ? AND pattern = ? AND ordered = ?")) {
            set(select, listener);
            ResultSet rows = select.executeQuery();
            return rows.next();
        }
    }

    private static void set(PreparedStatement statement, DurableListener listener) throws SQLException {
        statement.setString(1, listener.id());
        statement.setString(2, listener.subscribedTo());
        statement.setBoolean(3, listener.type() == null);
        statement.setBoolean(4, listener.options().isOrdered());
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

    /** What a listener was called before has become the listener's; those deliveries that run are left alone for now. */
    void rename(Connection connection, String from, String to) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                        UPDATE convoke_delivery SET listener = ? WHERE listener = ? AND state <> 'RUNNING'
                            AND NOT EXISTS (SELECT 1 FROM convoke_delivery o
                                WHERE o.event = convoke_delivery.event AND o.listener = ?)""")) {
            update.setString(1, to);
            update.setString(2, from);
            update.setString(3, to);
            update.executeUpdate();
        }
        if (delete(connection, from)) {
            Database.execute(connection, NEXT_GENERATION);
        }
    }

    private static boolean delete(Connection connection, String id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM convoke_listener WHERE id = ?")) {
            delete.setString(1, id);
            return delete.executeUpdate() == 1;
        }
    }

    /** Gives up a listener with all its deliveries; says how many there were. */
    int retire(Connection connection, String id) throws SQLException {
        dialect.lockCatalog(connection);
        if (delete(connection, id)) {
            Database.execute(connection, NEXT_GENERATION);
        }
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM convoke_delivery WHERE listener = ?")) {
            delete.setString(1, id);
            return delete.executeUpdate();
        }
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
