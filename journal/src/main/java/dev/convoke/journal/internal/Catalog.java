package dev.convoke.journal.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The durable listeners that there are, in whatever process, as they were at some moment.
 *
 * <p>Thread-safe: immutable.
 */
final class Catalog {
    static final Catalog EMPTY = new Catalog(-1, List.of());

    private final long generation;
    private final Map<String, List<Row>> byName = new HashMap<>();
    private final List<Row> patterns = new ArrayList<>();

    private Catalog(long generation, List<Row> rows) {
        this.generation = generation;
        for (Row row : rows) {
            if (row.pattern) {
                patterns.add(row);
            } else {
                byName.computeIfAbsent(row.selector, name -> new ArrayList<>()).add(row);
            }
        }
    }

    /** A durable listener: its id, and the event's name or the pattern that it listens to. */
    record Row(String id, String selector, boolean pattern, boolean ordered) {}

    /** As it is in this transaction; the same object where nothing has changed. */
    Catalog current(Connection connection) throws SQLException {
        long now = generation(connection);
        return now == generation ? this : read(connection, now);
    }

    private static long generation(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT generation FROM convoke_journal")) {
            found.next();
            return found.getLong(1);
        }
    }

    private static Catalog read(Connection connection, long generation) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT id, selector, pattern, ordered FROM convoke_listener ORDER BY id")) {
            while (found.next()) {
                rows.add(new Row(found.getString(1), found.getString(2), found.getBoolean(3), found.getBoolean(4)));
            }
        }
        return new Catalog(generation, rows);
    }

    /** How often the listeners had changed by then. */
    long generation() {
        return generation;
    }

    /** Whether one of them wants such an event. */
    boolean wants(String eventName) {
        return byName.containsKey(eventName)
                || patterns.stream().anyMatch(row -> Pattern.matches(row.selector, eventName));
    }

    /** Those who want such an event. */
    List<Row> matching(String eventName) {
        List<Row> named = byName.getOrDefault(eventName, List.of());
        if (patterns.isEmpty()) {
            return named;
        }
        List<Row> all = new ArrayList<>(named);
        patterns.stream()
                .filter(row -> Pattern.matches(row.selector, eventName))
                .forEach(all::add);
        return all;
    }
}
