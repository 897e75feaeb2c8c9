package dev.convoke.journal.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was published in transactions of the application's own: until they commit, nobody sees it and nobody waits for it; after
 * that, it is sequenced. Thread-safe: it has no state of its own.
 */
final class InboxTable {
    static final String COLUMNS =
            "source, event_id, name, event_key, published_at, version, payload, attributes, parent_id, fingerprint";

    /** The first ones. */
    static final String TAKE = "DELETE FROM convoke_inbox WHERE id IN"
            + " (SELECT id FROM convoke_inbox ORDER BY id LIMIT ?) RETURNING id, " + COLUMNS;

    private final Database database;

    InboxTable(Database database) {
        this.database = database;
    }

    /** An event that waits to be sequenced. */
    record Waiting(long id, StoredEvent event) {}

    /** Puts events in, in their order; takes no lock, and reads nothing. */
    void put(Connection connection, Collection<StoredEvent> events) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(database.sql(
                "INSERT INTO convoke_inbox (" + COLUMNS + ", lane) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + database.dialect().onDisk()))) {
            database.adapt(insert);
            for (StoredEvent event : events) {
                insert.setString(EventTable.set(insert, 1, event), Lane.keyOf(event.key()));
                insert.execute();
            }
        }
    }

    /** Which of these lanes' keys something waits with. */
    Set<String> waitingKeys(Connection connection, Collection<String> keys) throws SQLException {
        Set<String> waiting = new HashSet<>();
        if (keys.isEmpty()) {
            return waiting;
        }
        String sql = "SELECT DISTINCT lane FROM convoke_inbox WHERE lane IN ("
                + String.join(", ", Collections.nCopies(Integer.highestOneBit(keys.size()) * 2, "?")) + ")";
        try (PreparedStatement select = connection.prepareStatement(database.sql(sql))) {
            List<String> all = List.copyOf(keys);
            for (int i = 0; i < Integer.highestOneBit(keys.size()) * 2; i++) {
                select.setString(i + 1, all.get(Math.min(i, all.size() - 1)));
            }
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                waiting.add(rows.getString(1));
            }
        }
        return waiting;
    }

    /** Takes out the first ones, in their order. */
    List<Waiting> take(Connection connection, int atMost) throws SQLException {
        List<Waiting> taken = new ArrayList<>();
        try (PreparedStatement delete = connection.prepareStatement(database.sql(TAKE))) {
            delete.setInt(1, atMost);
            ResultSet rows = delete.executeQuery();
            while (rows.next()) {
                taken.add(new Waiting(rows.getLong(1), EventTable.event(rows)));
            }
        }
        taken.sort(Comparator.comparingLong(Waiting::id));
        return taken;
    }

    /** Whether anything waits. */
    boolean isEmpty(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(database.sql("SELECT 1 FROM convoke_inbox ORDER BY id LIMIT 1"))) {
            return !select.executeQuery().next();
        }
    }

    /** An event that waits, by its identity. */
    Optional<StoredEvent> find(Connection connection, String source, String eventId) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(database.sql("SELECT id, " + COLUMNS
                + " FROM convoke_inbox WHERE source = ? AND event_id = ? ORDER BY id LIMIT 1"))) {
            select.setString(1, source);
            select.setString(2, eventId);
            ResultSet row = select.executeQuery();
            return row.next() ? Optional.of(EventTable.event(row)) : Optional.empty();
        }
    }
}
