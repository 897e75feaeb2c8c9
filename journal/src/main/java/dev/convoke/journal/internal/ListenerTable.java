package dev.convoke.journal.internal;

import dev.convoke.journal.DurableListenerStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The durable listeners, what they are subscribed to, and which process has which. Thread-safe: it has no state of its own. */
final class ListenerTable {
    private static final String HAS_READER = """
            EXISTS (SELECT 1 FROM convoke_reader r JOIN convoke_session s ON s.id = r.session WHERE r.listener = l.id)""";

    /** How many rows are removed in one transaction. */
    private static final int CHUNK = 1_000;

    private final Database database;
    private final ListenerNames names;

    ListenerTable(Database database) {
        this.database = database;
        this.names = new ListenerNames(database);
    }

    ListenerNames names() {
        return names;
    }

    /**
     * A listener as a process has it.
     *
     * @param before names that it had before
     * @param version which version of its event it reads; null where it is subscribed to a pattern
     */
    record Subscribed(
            String name,
            List<String> before,
            String selector,
            boolean pattern,
            boolean ordered,
            @Nullable Integer version) {
        /** That, and nothing about what it was called before. */
        Subscribed withoutRenames() {
            return new Subscribed(name, List.of(), selector, pattern, ordered, version);
        }

        /** The one that it has, and those that it had before. */
        List<String> names() {
            return Stream.concat(Stream.of(name), before.stream()).toList();
        }

        boolean isOrWas(@Nullable String called) {
            return names().contains(called);
        }
    }

    // ---- entering ----

    /** Enters a listener that this session has, and returns its id; from the next generation on events are kept for it. */
    String enter(Connection connection, String session, Subscribed listener) throws SQLException {
        String known = names.idOf(connection, listener.name);
        String id = known;
        boolean isNew = false;
        boolean isRenamed = known == null;
        for (String before : listener.before) {
            String other = names.idOf(connection, before);
            if (id == null) {
                id = other;
            } else if (other != null && !other.equals(id)) {
                isRenamed |= names.succeed(connection, other, id);
            }
        }
        id = locked(connection, id == null ? names.make(connection, listener.name) : id);
        isNew |= names.add(connection, listener.name, id);
        for (String before : listener.before) {
            isNew |= names.add(connection, before, id);
        }
        if (isRenamed) {
            database.update(connection, "UPDATE convoke_listener SET name = ? WHERE id = ?", listener.name, id);
        }
        isNew |= isRenamed;
        isNew |= subscribe(connection, id, listener);
        read(connection, session, id, listener);
        if (isNew) {
            names.nextGeneration(connection);
        }
        return id;
    }

    /** Where a delivery d is joined with its listener l, as that is called now: the one that goes on with it, if there is one. */
    static final String JOINED = " LEFT JOIN convoke_listener k ON k.id = d.listener"
            + " LEFT JOIN convoke_listener l ON l.id = coalesce(k.successor, k.id) ";

    /** Nobody removes it until the transaction ends. */
    private String locked(Connection connection, String id) throws SQLException {
        if (!lock(connection, id)) {
            throw new SQLException("listener " + id + " was removed at this moment", "40001");
        }
        return id;
    }

    /** Says whether it is there; if it is, nobody else changes it until the transaction ends. */
    private boolean lock(Connection connection, String id) throws SQLException {
        String sql = "SELECT id FROM convoke_listener WHERE id = ? AND retired_at IS NULL :lock";
        return database.text(connection, sql, id) != null;
    }

    private boolean subscribe(Connection connection, String id, Subscribed listener) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(database.sql("""
                INSERT INTO convoke_subscription (listener, selector, pattern, ordered, seen_at)
                VALUES (?, ?, ?, ?, :now) ON CONFLICT (listener, selector, pattern, ordered) DO NOTHING"""))) {
            set(insert, 1, id, listener);
            return insert.executeUpdate() == 1;
        }
    }

    private void read(Connection connection, String session, String id, Subscribed listener) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(database.sql("""
                INSERT INTO convoke_reader (listener, selector, pattern, ordered, session, version)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (session, listener) DO UPDATE SET selector = excluded.selector,
                    pattern = excluded.pattern, ordered = excluded.ordered, version = excluded.version"""))) {
            set(insert, 1, id, listener);
            insert.setString(5, session);
            insert.setObject(6, listener.version, java.sql.Types.INTEGER);
            insert.executeUpdate();
        }
    }

    static void set(PreparedStatement statement, int from, String id, Subscribed listener) throws SQLException {
        statement.setString(from, id);
        statement.setString(from + 1, listener.selector);
        statement.setBoolean(from + 2, listener.pattern);
        statement.setBoolean(from + 3, listener.ordered);
    }

    /** Enters what events are called now, by what they were called before; says whether any of that is new. */
    boolean renameEvents(Connection connection, Map<String, String> renamed) throws SQLException {
        boolean isNew = false;
        for (Map.Entry<String, String> name : renamed.entrySet()) {
            isNew |= database.update(connection, """
                    INSERT INTO convoke_event_name (before, now) VALUES (?, ?)
                    ON CONFLICT (before) DO UPDATE SET now = excluded.now
                    WHERE convoke_event_name.now <> excluded.now""", name.getKey(), name.getValue()) == 1;
        }
        if (isNew) {
            names.nextGeneration(connection);
        }
        return isNew;
    }

    // ---- leaving ----

    /** A session has this listener no more. */
    void leave(Connection connection, String session, String id) throws SQLException {
        seen(connection, session, "AND r.listener = ?", id);
        database.update(connection, "DELETE FROM convoke_reader WHERE session = ? AND listener = ?", session, id);
    }

    /** A session has this listener under another id than before. */
    void move(Connection connection, String session, String fromId, Subscribed listener) throws SQLException {
        String now = names.idOf(connection, listener.name);
        if (now != null && !now.equals(fromId)) {
            leave(connection, session, fromId);
            names.dropSubscription(connection, session, fromId, listener);
        }
    }

    /** A session has none of its listeners any more. */
    void leave(Connection connection, String session) throws SQLException {
        seen(connection, session, "AND r.listener <> ?", "");
        database.update(connection, "DELETE FROM convoke_reader WHERE session = ?", session);
    }

    private void seen(Connection connection, String session, String which, String listener) throws SQLException {
        database.update(connection, """
                UPDATE convoke_subscription SET seen_at = :now WHERE EXISTS (
                    SELECT 1 FROM convoke_reader r
                    WHERE r.session = ? %s AND r.listener = convoke_subscription.listener
                        AND r.selector = convoke_subscription.selector AND r.pattern = convoke_subscription.pattern
                        AND r.ordered = convoke_subscription.ordered)""".formatted(which), session, listener);
        database.update(connection, """
                UPDATE convoke_listener SET seen_at = :now WHERE EXISTS (
                    SELECT 1 FROM convoke_reader r WHERE r.session = ? %s AND r.listener = convoke_listener.id)""".formatted(which), session, listener);
    }

    /** Drops what sessions have left behind that are not there any more. */
    void forgetReaders(Connection connection) throws SQLException {
        for (String session : database.texts(connection, """
                SELECT DISTINCT session FROM convoke_reader r
                WHERE NOT EXISTS (SELECT 1 FROM convoke_session s WHERE s.id = r.session)""")) {
            leave(connection, session);
        }
    }

    /**
     * Drops how listeners were subscribed in versions of the application that are gone for so long, where a living process has
     * the listener otherwise; says whether there was any.
     */
    boolean lapse(Connection connection, long graceMillis) throws SQLException {
        boolean any = false;
        try (PreparedStatement delete = connection.prepareStatement(database.sql("""
                DELETE FROM convoke_subscription
                WHERE seen_at < :now - ?
                    AND EXISTS (SELECT 1 FROM convoke_reader r WHERE r.listener = convoke_subscription.listener)
                    AND NOT EXISTS (
                        SELECT 1 FROM convoke_reader r WHERE r.listener = convoke_subscription.listener
                            AND r.selector = convoke_subscription.selector
                            AND r.pattern = convoke_subscription.pattern
                            AND r.ordered = convoke_subscription.ordered)"""))) {
            delete.setLong(1, graceMillis);
            any = delete.executeUpdate() > 0;
        }
        if (any) {
            names.nextGeneration(connection);
        }
        return any;
    }

    // ---- removing ----

    /**
     * Gives up a listener, unless a living process has it or had it a moment ago; says how many deliveries it had, none where somebody
     * else was faster, and is empty where it could not.
     */
    OptionalInt retire(Connection connection, String id, long ttlMillis) throws SQLException {
        if (!lock(connection, id)) {
            return OptionalInt.of(0);
        }
        try (PreparedStatement update = connection.prepareStatement(database.sql("""
                UPDATE convoke_listener AS l SET retired_at = :now
                WHERE (id = ? OR successor = ?) AND retired_at IS NULL AND seen_at < :now - ? AND NOT %s""".formatted(HAS_READER)))) {
            update.setString(1, id);
            update.setString(2, id);
            update.setLong(3, ttlMillis);
            if (update.executeUpdate() == 0) {
                return OptionalInt.empty();
            }
        }
        database.update(connection, """
                DELETE FROM convoke_listener_name
                WHERE listener IN (SELECT id FROM convoke_listener WHERE retired_at IS NOT NULL)""");
        names.nextGeneration(connection);
        return OptionalInt.of(deliveries(connection, id));
    }

    private int deliveries(Connection connection, String retired) throws SQLException {
        String count = database.text(connection, """
                SELECT count(*) FROM convoke_delivery WHERE listener IN (
                    SELECT id FROM convoke_listener WHERE ? IN (id, successor) AND retired_at IS NOT NULL)""", retired);
        return count == null ? 0 : Integer.parseInt(count);
    }

    /** Those that were given up, and may have deliveries left. */
    List<String> retired(Connection connection) throws SQLException {
        return database.texts(connection, "SELECT id FROM convoke_listener WHERE retired_at IS NOT NULL");
    }

    /** Removes some of the deliveries of one that was given up, and it with the last of them; says how many. */
    int remove(Connection connection, String id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(database.sql("""
                DELETE FROM convoke_delivery WHERE listener = ? AND event IN (
                    SELECT event FROM convoke_delivery WHERE listener = ? ORDER BY event LIMIT ? :lock)"""))) {
            delete.setString(1, id);
            delete.setString(2, id);
            delete.setInt(3, CHUNK);
            int removed = delete.executeUpdate();
            if (removed == 0) {
                database.update(connection, "DELETE FROM convoke_subscription WHERE listener = ?", id);
                database.update(connection, "DELETE FROM convoke_listener WHERE id = ? AND retired_at IS NOT NULL", id);
            }
            return removed;
        }
    }

    // ---- what is asked ----

    /** The id of the listener that has or had this name; null where there is none. */
    @Nullable String find(Connection connection, String name) throws SQLException {
        return names.idOf(connection, name);
    }

    /** The names of those that no living process has. */
    Set<String> orphans(Connection connection, long ttlMillis) throws SQLException {
        Set<String> orphans = new HashSet<>();
        for (DurableListenerStatus listener : list(connection, ttlMillis, false)) {
            if (listener.isOrphaned()) {
                orphans.add(listener.listener());
            }
        }
        return orphans;
    }

    /** @param counts whether their deliveries are counted, which takes long where there are many */
    List<DurableListenerStatus> list(Connection connection, long ttlMillis, boolean counts) throws SQLException {
        List<DurableListenerStatus> listeners = new ArrayList<>();
        String count = "(SELECT count(*) FROM convoke_delivery d JOIN convoke_listener k ON k.id = d.listener"
                + " WHERE (k.id = l.id OR k.successor = l.id) AND d.state";
        String counted = count + " NOT IN ('DEAD', 'DISCARDED')), " + count + " = 'DEAD')";
        try (PreparedStatement select =
                connection.prepareStatement(database.sql("""
                SELECT l.name, coalesce((
                        SELECT min(s.selector) FROM convoke_subscription s WHERE s.listener = l.id AND s.seen_at = (
                            SELECT max(t.seen_at) FROM convoke_subscription t WHERE t.listener = l.id)), ''),
                    CASE WHEN l.seen_at < :now - ? AND NOT %s THEN 1 ELSE 0 END, %s
                FROM convoke_listener l WHERE l.retired_at IS NULL AND l.successor IS NULL ORDER BY l.name""".formatted(HAS_READER, counts ? counted : "0, 0")))) {
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
