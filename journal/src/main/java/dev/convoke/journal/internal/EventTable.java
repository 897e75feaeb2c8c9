package dev.convoke.journal.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is done to events and their deliveries when they are published. Thread-safe: it has no state of its own. */
final class EventTable {
    /** Rows in one statement; each power of two up to it is a statement of its own, which the database has prepared. */
    private static final int MOST_ROWS = 64;

    private static final String COLUMNS =
            "source, event_id, name, event_key, published_at, version, payload, attributes, parent_id, deliveries, stored_at";

    /** How far the next events are old. */
    static final String LOOK = """
            SELECT coalesce(max(id), 0), count(*) FROM (
                SELECT id, stored_at FROM convoke_event WHERE id > ? ORDER BY id LIMIT ?) AS next
            WHERE stored_at < :now - ?""";

    /** Drops those of them that nobody needs. */
    static final String FORGET = """
            DELETE FROM convoke_event
            WHERE id > ? AND id <= ? AND stored_at < :now - ? AND NOT EXISTS (
                SELECT 1 FROM convoke_delivery d WHERE d.event = convoke_event.id)""";

    private final Dialect dialect;

    EventTable(Dialect dialect) {
        this.dialect = dialect;
    }

    /** An event, and the listeners that want it. */
    record New(StoredEvent event, List<Catalog.Row> listeners) {}

    private record Identity(String source, String eventId) {
        static Identity of(StoredEvent event) {
            return new Identity(event.source(), event.eventId());
        }
    }

    /** Writes events with their deliveries. Those that are there already change nothing. */
    void insert(Connection connection, List<New> events) throws SQLException {
        for (int from = 0; from < events.size(); ) {
            int rows = Math.min(MOST_ROWS, Integer.highestOneBit(events.size() - from));
            insertChunk(connection, events.subList(from, from + rows));
            from += rows;
        }
    }

    private void insertChunk(Connection connection, List<New> events) throws SQLException {
        Map<Identity, Long> ids = insertEvents(connection, events);
        try (PreparedStatement insert = connection.prepareStatement(dialect.sql("""
                        INSERT INTO convoke_delivery (event, listener, lane, state, due_at)
                        SELECT ?, ?, ?, CASE WHEN EXISTS (
                            SELECT 1 FROM convoke_delivery
                            WHERE listener = ? AND lane = ? AND lane IS NOT NULL AND state NOT IN ('DEAD', 'DISCARDED'))
                            THEN 'WAITING' ELSE ? END, :now"""))) {
            Set<Lane> begun = new HashSet<>();
            boolean any = false;
            for (New event : events) {
                Long id = ids.remove(Identity.of(event.event));
                if (id != null) {
                    addDeliveries(insert, id, event, begun);
                    any = true;
                }
            }
            if (any) {
                insert.executeBatch();
            }
        }
    }

    private static void addDeliveries(PreparedStatement insert, long id, New event, Set<Lane> begun)
            throws SQLException {
        for (Catalog.Row listener : event.listeners) {
            String key = laneKey(event.event, listener);
            boolean isFirst = key == null || begun.add(new Lane(listener.id(), key));
            insert.setLong(1, id);
            insert.setString(2, listener.id());
            setText(insert, 3, key);
            insert.setString(4, listener.id());
            setText(insert, 5, key);
            insert.setString(6, isFirst ? "READY" : "WAITING");
            insert.addBatch();
        }
    }

    /** Null where the listener is not ordered; events without a key are ordered among themselves. */
    private static @Nullable String laneKey(StoredEvent event, Catalog.Row listener) {
        return !listener.ordered() ? null : event.key() == null ? "" : event.key();
    }

    /** The lanes that deliveries of this event stand in. */
    static List<Lane> lanes(New event) {
        List<Lane> lanes = new ArrayList<>();
        for (Catalog.Row listener : event.listeners) {
            String key = laneKey(event.event, listener);
            if (key != null) {
                lanes.add(new Lane(listener.id(), key));
            }
        }
        return lanes;
    }

    private Map<Identity, Long> insertEvents(Connection connection, List<New> events) throws SQLException {
        String values = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, :now)";
        String sql = "INSERT INTO convoke_event (" + COLUMNS + ") VALUES "
                + String.join(", ", Collections.nCopies(events.size(), values))
                + " ON CONFLICT (source, event_id) DO NOTHING RETURNING id, source, event_id";
        Map<Identity, Long> ids = new HashMap<>();
        try (PreparedStatement insert = connection.prepareStatement(dialect.sql(sql))) {
            int at = 1;
            for (New event : events) {
                at = set(insert, at, event);
            }
            ResultSet inserted = insert.executeQuery();
            while (inserted.next()) {
                ids.put(new Identity(inserted.getString(2), inserted.getString(3)), inserted.getLong(1));
            }
        }
        return ids;
    }

    private static int set(PreparedStatement insert, int from, New row) throws SQLException {
        StoredEvent event = row.event;
        insert.setString(from, event.source());
        insert.setString(from + 1, event.eventId());
        insert.setString(from + 2, event.name());
        setText(insert, from + 3, event.key());
        insert.setLong(from + 4, event.publishedAt());
        insert.setInt(from + 5, event.version());
        insert.setString(from + 6, event.payload());
        insert.setString(from + 7, event.attributes());
        setText(insert, from + 8, event.parentId());
        insert.setInt(from + 9, row.listeners.size());
        return from + 10;
    }

    private static void setText(PreparedStatement statement, int index, @Nullable String text) throws SQLException {
        if (text == null) {
            statement.setNull(index, Types.VARCHAR);
        } else {
            statement.setString(index, text);
        }
    }

    /** The events with these row ids. */
    Map<Long, StoredEvent> find(Connection connection, Collection<Long> ids) throws SQLException {
        Map<Long, StoredEvent> found = new HashMap<>();
        List<Long> left = List.copyOf(new HashSet<>(ids));
        for (int from = 0; from < left.size(); ) {
            int rows = Math.min(MOST_ROWS, Integer.highestOneBit(left.size() - from));
            find(connection, left.subList(from, from + rows), found);
            from += rows;
        }
        return found;
    }

    private static void find(Connection connection, List<Long> ids, Map<Long, StoredEvent> into) throws SQLException {
        String sql =
                "SELECT id, source, event_id, name, event_key, published_at, version, payload, attributes, parent_id"
                        + " FROM convoke_event WHERE id IN (" + String.join(", ", Collections.nCopies(ids.size(), "?"))
                        + ")";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < ids.size(); i++) {
                select.setLong(i + 1, ids.get(i));
            }
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                into.put(rows.getLong(1), event(rows));
            }
        }
    }

    private static StoredEvent event(ResultSet row) throws SQLException {
        return new StoredEvent(
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getLong(6),
                row.getInt(7),
                row.getString(8),
                row.getString(9),
                row.getString(10));
    }

    /**
     * Some events in the order of their ids, as far as they are old.
     *
     * @param last the id of the last
     * @param isFull whether there may be more behind it
     * @param forgotten how many were dropped
     */
    record Old(long last, boolean isFull, int forgotten) {}

    /**
     * Looks at so many events behind this one, and drops those that are older than this and have no delivery left. It takes as long
     * whatever the table has.
     */
    Old forget(Connection connection, long after, int atMost, long retentionMillis) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(dialect.sql(LOOK))) {
            select.setLong(1, after);
            select.setInt(2, atMost);
            select.setLong(3, retentionMillis);
            ResultSet old = select.executeQuery();
            old.next();
            long last = old.getLong(1);
            boolean isFull = old.getInt(2) == atMost;
            return new Old(last, isFull, forgetBetween(connection, after, last, retentionMillis));
        }
    }

    private int forgetBetween(Connection connection, long after, long last, long retentionMillis) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(dialect.sql(FORGET))) {
            delete.setLong(1, after);
            delete.setLong(2, last);
            delete.setLong(3, retentionMillis);
            return delete.executeUpdate();
        }
    }
}
