package dev.convoke.journal.internal;

import dev.convoke.spi.DurableListener;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The durable listeners. Thread-safe: it has no state of its own. */
final class ListenerTable {
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
        try (PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO convoke_listener (id, selector, pattern, ordered) VALUES (?, ?, ?, ?)
                        ON CONFLICT (id) DO UPDATE SET
                            selector = excluded.selector, pattern = excluded.pattern, ordered = excluded.ordered""")) {
            set(insert, listener);
            insert.executeUpdate();
        }
        Database.execute(connection, "UPDATE convoke_journal SET generation = generation + 1");
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
}
