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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is done to events and their deliveries when they are published. Thread-safe: it has no state of its own. */
final class EventTable {
    /** Rows in one statement; each power of two up to it is a statement of its own, which the database has prepared. */
    private static final int MOST_ROWS = 64;

    private static final String COLUMNS =
            "source, event_id, name, event_key, published_at, version, payload, attributes,"
                    + " parent_id, fingerprint, deliveries, stored_at";

    /** How far the next events are old. */
    static final String LOOK = """
            SELECT coalesce(max(id), 0), count(*) FROM (
                SELECT id, stored_at FROM convoke_event WHERE id > ? ORDER BY id LIMIT ?) AS next
            WHERE stored_at < :now - ?""";

    /** Drops those of them that nobody needs. */
    static final String FORGET = """
            DELETE FROM convoke_event
            WHERE id > ? AND id <= ? AND stored_at < :now - ? AND ended_at < :now - ? AND NOT EXISTS (
                SELECT 1 FROM convoke_delivery d WHERE d.event = convoke_event.id)""";

    private final Database database;
    private final Payloads payloads;

    EventTable(Database database, Payloads payloads) {
        this.database = database;
        this.payloads = payloads;
    }

    /** An event, and the listeners that want it. */
    record New(StoredEvent event, Collection<Catalog.Wanting> wanting) {}

    /** An event that is not kept, as its identity is that of another one, which has this name. */
    record Taken(New event, String name) {}

    private record Identity(String source, String eventId) {
        static Identity of(StoredEvent event) {
            return new Identity(event.source(), event.eventId());
        }
    }

    /**
     * Writes events with their deliveries, and returns those whose identity another event has. One that is there already changes
     * nothing.
     *
     * @param locked lanes of which nobody else decides which delivery goes next; in others, deliveries wait for that
     */
    List<Taken> insert(Connection connection, List<New> events, Set<Lane> locked) throws SQLException {
        List<Taken> taken = new ArrayList<>();
        for (int from = 0; from < events.size(); ) {
            int rows = Math.min(MOST_ROWS, Integer.highestOneBit(events.size() - from));
            taken.addAll(insertChunk(connection, events.subList(from, from + rows), locked));
            from += rows;
        }
        return taken;
    }

    private List<Taken> insertChunk(Connection connection, List<New> events, Set<Lane> locked) throws SQLException {
        Map<Identity, Long> ids = insertEvents(connection, events);
        List<Taken> taken = new ArrayList<>();
        try (PreparedStatement insert = connection.prepareStatement(database.sql("""
                INSERT INTO convoke_delivery (event, listener, lane, state, due_at)
                SELECT ?, ?, ?, CASE WHEN ? = 'READY' AND EXISTS (
                    SELECT 1 FROM convoke_delivery
                    WHERE listener = ? AND lane = ? AND lane IS NOT NULL AND state NOT IN ('DEAD', 'DISCARDED'))
                    THEN 'WAITING' ELSE ? END, :now"""))) {
            Set<Lane> begun = new HashSet<>();
            boolean any = false;
            for (New event : events) {
                Long id = ids.remove(Identity.of(event.event));
                if (id != null) {
                    addDeliveries(insert, id, event, locked, begun);
                    any = true;
                } else {
                    takenBy(connection, event).ifPresent(taken::add);
                }
            }
            if (any) {
                insert.executeBatch();
            }
        }
        return taken;
    }

    /** Which other event has the identity, if it is not the same event, published again. */
    private Optional<Taken> takenBy(Connection connection, New event) throws SQLException {
        return otherOf(connection, "convoke_event", event.event).map(name -> new Taken(event, name));
    }

    /** The name of another event in this table that has the event's identity; empty where that is the same one, or none. */
    Optional<String> otherOf(Connection connection, String table, StoredEvent event) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(database.sql(
                "SELECT id, " + InboxTable.COLUMNS + " FROM " + table + " WHERE source = ? AND event_id = ?"))) {
            select.setString(1, event.source());
            select.setString(2, event.eventId());
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                StoredEvent there = event(rows);
                if (!there.isSame(event, payloads)) {
                    return Optional.of(there.name());
                }
            }
            return Optional.empty();
        }
    }

    /** Writes an event under an id of its own, with dead deliveries. */
    void insertDead(Connection connection, New event, String reason, String error) throws SQLException {
        Long id = insertEvents(connection, List.of(event)).get(Identity.of(event.event));
        if (id == null) {
            return; // it was done before
        }
        try (PreparedStatement insert = connection.prepareStatement(database.sql("""
                INSERT INTO convoke_delivery (event, listener, lane, state, due_at, reason, error, failed_at, first_failed_at)
                VALUES (?, ?, ?, 'DEAD', :now, ?, ?, :now, :now)"""))) {
            for (Catalog.Wanting listener : event.wanting) {
                insert.setLong(1, id);
                insert.setString(2, listener.listener());
                setText(insert, 3, laneKey(event.event, listener));
                insert.setString(4, reason);
                insert.setString(5, error);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void addDeliveries(PreparedStatement insert, long id, New event, Set<Lane> locked, Set<Lane> begun)
            throws SQLException {
        for (Catalog.Wanting listener : event.wanting) {
            String key = laneKey(event.event, listener);
            String state =
                    key == null || isFirst(new Lane(listener.listener(), key), locked, begun) ? "READY" : "WAITING";
            insert.setLong(1, id);
            insert.setString(2, listener.listener());
            setText(insert, 3, key);
            insert.setString(4, state);
            insert.setString(5, listener.listener());
            setText(insert, 6, key);
            insert.setString(7, state);
            insert.addBatch();
        }
    }

    private static boolean isFirst(Lane lane, Set<Lane> locked, Set<Lane> begun) {
        return locked.contains(lane) && begun.add(lane);
    }

    /** Null where the listener is not ordered. */
    private static @Nullable String laneKey(StoredEvent event, Catalog.Wanting listener) {
        return listener.ordered() ? Lane.keyOf(event.key()) : null;
    }

    /** The lanes that deliveries of this event stand in. */
    static List<Lane> lanes(New event) {
        List<Lane> lanes = new ArrayList<>();
        for (Catalog.Wanting listener : event.wanting) {
            String key = laneKey(event.event, listener);
            if (key != null) {
                lanes.add(new Lane(listener.listener(), key));
            }
        }
        return lanes;
    }

    private Map<Identity, Long> insertEvents(Connection connection, List<New> events) throws SQLException {
        String values = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, :now)";
        String sql = "INSERT INTO convoke_event (" + COLUMNS + ") VALUES "
                + String.join(", ", Collections.nCopies(events.size(), values))
                + " ON CONFLICT (source, event_id) DO NOTHING RETURNING id, source, event_id";
        Map<Identity, Long> ids = new HashMap<>();
        try (PreparedStatement insert = connection.prepareStatement(database.sql(sql))) {
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
        int next = set(insert, from, row.event);
        insert.setInt(next, row.wanting.size());
        return next + 1;
    }

    /** Sets the columns that an event has wherever it is kept, and returns the place of the next parameter. */
    static int set(PreparedStatement insert, int from, StoredEvent event) throws SQLException {
        insert.setString(from, event.source());
        insert.setString(from + 1, event.eventId());
        insert.setString(from + 2, event.name());
        setText(insert, from + 3, event.key());
        insert.setLong(from + 4, event.publishedAt());
        insert.setInt(from + 5, event.version());
        insert.setString(from + 6, event.payload());
        insert.setString(from + 7, event.attributes());
        setText(insert, from + 8, event.parentId());
        insert.setLong(from + 9, event.fingerprint());
        return from + 10;
    }

    static void setText(PreparedStatement statement, int index, @Nullable String text) throws SQLException {
        if (text == null) {
            statement.setNull(index, Types.VARCHAR);
        } else {
            statement.setString(index, text);
        }
    }

    /**
     * An event as it was found.
     *
     * @param ageMillis since when it is kept, or was last of use
     */
    record Found(StoredEvent event, long ageMillis) {}

    /** The events with these row ids. */
    Map<Long, Found> find(Connection connection, Collection<Long> ids) throws SQLException {
        Map<Long, Found> found = new HashMap<>();
        List<Long> left = List.copyOf(new HashSet<>(ids));
        for (int from = 0; from < left.size(); ) {
            int rows = Math.min(MOST_ROWS, Integer.highestOneBit(left.size() - from));
            find(connection, left.subList(from, from + rows), found);
            from += rows;
        }
        return found;
    }

    private void find(Connection connection, List<Long> ids, Map<Long, Found> into) throws SQLException {
        String sql =
                "SELECT id, source, event_id, name, event_key, published_at, version, payload, attributes, parent_id,"
                        + " fingerprint, :now - CASE WHEN ended_at > stored_at THEN ended_at ELSE stored_at END"
                        + " FROM convoke_event WHERE id IN (" + marks(ids.size()) + ")";
        try (PreparedStatement select = connection.prepareStatement(database.sql(sql))) {
            for (int i = 0; i < ids.size(); i++) {
                select.setLong(i + 1, ids.get(i));
            }
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                into.put(rows.getLong(1), new Found(event(rows), rows.getLong(12)));
            }
        }
    }

    private static String marks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    /** Remembers that these events were of use until now. */
    void ended(Connection connection, Collection<Long> ids) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(database.sql("UPDATE convoke_event SET ended_at = :now WHERE id = ?"))) {
            for (Long id : new TreeSet<>(ids)) {
                update.setLong(1, id);
                update.addBatch();
            }
            if (!ids.isEmpty()) {
                update.executeBatch();
            }
        }
    }

    /** An event whose row has its columns from the second on. */
    static StoredEvent event(ResultSet row) throws SQLException {
        return new StoredEvent(
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getLong(6),
                row.getInt(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getLong(11));
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
        try (PreparedStatement select = connection.prepareStatement(database.sql(LOOK))) {
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
        try (PreparedStatement delete = connection.prepareStatement(database.sql(FORGET))) {
            delete.setLong(1, after);
            delete.setLong(2, last);
            delete.setLong(3, retentionMillis);
            delete.setLong(4, retentionMillis);
            return delete.executeUpdate();
        }
    }
}
