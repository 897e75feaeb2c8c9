package dev.convoke.journal.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The durable listeners that there are, in whatever process, as they were at some moment.
 *
 * <p>Thread-safe: immutable.
 */
final class Catalog {
    static final Catalog EMPTY = new Catalog(-1, List.of(), Map.of(), Map.of(), Map.of());

    private final long generation;
    private final Map<String, List<Row>> byName = new HashMap<>();
    private final List<Row> patterns = new ArrayList<>();

    /** Ids of listeners, by every name that they have or had. */
    private final Map<String, String> ids;

    /** Who goes on with the deliveries of a listener, by its id. */
    private final Map<String, String> successors;

    /** What events are called now, by what they were called before. */
    private final Map<String, String> renamed;

    private Catalog(
            long generation,
            List<Row> rows,
            Map<String, String> ids,
            Map<String, String> successors,
            Map<String, String> renamed) {
        this.generation = generation;
        this.ids = ids;
        this.successors = successors;
        this.renamed = renamed;
        for (Row row : rows) {
            if (row.pattern) {
                patterns.add(row);
            } else {
                byName.computeIfAbsent(row.selector, name -> new ArrayList<>()).add(row);
            }
        }
    }

    /** What a listener is subscribed to: an event's name or a pattern. */
    private record Row(String listener, String selector, boolean pattern, boolean ordered) {}

    /** Who wants an event, and whether that listener's deliveries of one key are to be made one after another. */
    record Wanting(String listener, boolean ordered) {}

    /** As it is in this transaction; the same object where nothing has changed. */
    Catalog current(Database database, Connection connection) throws SQLException {
        long now = generation(database, connection);
        return now == generation ? this : read(database, connection, now);
    }

    private static long generation(Database database, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(database.sql("SELECT generation FROM convoke_journal"))) {
            found.next();
            return found.getLong(1);
        }
    }

    private static Catalog read(Database database, Connection connection, long generation) throws SQLException {
        Map<String, String> successors = pairs(connection, database.sql("""
                SELECT id, successor FROM convoke_listener WHERE successor IS NOT NULL AND retired_at IS NULL"""));
        Map<String, String> ids = pairs(connection, database.sql("SELECT name, listener FROM convoke_listener_name"));
        Map<String, String> renamed = pairs(connection, database.sql("SELECT before, now FROM convoke_event_name"));
        List<Row> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            ResultSet found = statement.executeQuery(database.sql("""
                    SELECT s.listener, s.selector, s.pattern, s.ordered
                    FROM convoke_subscription s JOIN convoke_listener l ON l.id = s.listener
                    WHERE l.retired_at IS NULL ORDER BY s.listener"""));
            while (found.next()) {
                String listener = found.getString(1);
                rows.add(new Row(
                        last(listener, successors), found.getString(2), found.getBoolean(3), found.getBoolean(4)));
            }
        }
        return new Catalog(generation, rows, ids, successors, renamed);
    }

    private static Map<String, String> pairs(Connection connection, String sql) throws SQLException {
        Map<String, String> pairs = new HashMap<>();
        try (Statement statement = connection.createStatement()) {
            ResultSet found = statement.executeQuery(sql);
            while (found.next()) {
                pairs.put(found.getString(1), found.getString(2));
            }
        }
        return pairs;
    }

    /** Where this chain ends; it may go round in a circle, and then does so once. */
    private static String last(String from, Map<String, String> next) {
        Set<String> seen = new LinkedHashSet<>();
        String at = from;
        while (seen.add(at) && next.containsKey(at)) {
            at = next.get(at);
        }
        return at;
    }

    /** How often the listeners had changed by then. */
    long generation() {
        return generation;
    }

    /** Whether one of them wants such an event. */
    boolean wants(String eventName) {
        return !matching(eventName).isEmpty();
    }

    /** Those who want such an event, by the name it has or by one that it got since. */
    Collection<Wanting> matching(String eventName) {
        Map<String, Wanting> all = new LinkedHashMap<>();
        for (String name : namesOf(eventName)) {
            byName.getOrDefault(name, List.of()).forEach(row -> add(row, all));
            for (Row row : patterns) {
                if (Pattern.matches(row.selector, name)) {
                    add(row, all);
                }
            }
        }
        return all.values();
    }

    /** Two versions of an application may have a listener differently; ordered in one, it is ordered. */
    private static void add(Row row, Map<String, Wanting> to) {
        to.merge(
                row.listener,
                new Wanting(row.listener, row.ordered),
                (one, other) -> new Wanting(row.listener, one.ordered || other.ordered));
    }

    private List<String> namesOf(String eventName) {
        if (renamed.isEmpty()) {
            return List.of(eventName);
        }
        Set<String> names = new LinkedHashSet<>();
        String name = eventName;
        while (name != null && names.add(name)) {
            name = renamed.get(name);
        }
        return List.copyOf(names);
    }

    /** Whether an event of this name is one that is called like the other now. */
    boolean isCalled(String eventName, String now) {
        return namesOf(eventName).contains(now);
    }

    /** What an event of this name is called now. */
    String nowOf(String eventName) {
        return last(eventName, renamed);
    }

    /** The id of the listener that has or had this name; null where there is none. */
    @Nullable String idOf(String listenerName) {
        String id = ids.get(listenerName);
        return id == null ? null : last(id, successors);
    }

    /** The id of the listener that goes on with what is kept for this one: its own, unless it was renamed to another one. */
    String successorOf(String id) {
        return last(id, successors);
    }

    /** The ids that deliveries to this listener are kept under: its own, and those of listeners that it goes on with. */
    List<String> idsOf(String id) {
        if (successors.isEmpty()) {
            return List.of(id);
        }
        List<String> all = new ArrayList<>();
        all.add(id);
        for (String one : successors.keySet()) {
            if (last(one, successors).equals(id)) {
                all.add(one);
            }
        }
        return all;
    }
}
