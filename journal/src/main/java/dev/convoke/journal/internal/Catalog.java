package dev.convoke.journal.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
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
    static final Catalog EMPTY = new Catalog(-1, List.of(), Map.of());

    private final long generation;
    private final Map<String, List<Row>> byName = new HashMap<>();
    private final List<Row> patterns = new ArrayList<>();
    private final Map<String, Row> byId = new HashMap<>();

    /** What events are called now, by what they were called before. */
    private final Map<String, String> renamed;

    private Catalog(long generation, List<Row> rows, Map<String, String> renamed) {
        this.generation = generation;
        this.renamed = renamed;
        for (Row row : rows) {
            byId.put(row.id, row);
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
        Map<String, String> renamed = new HashMap<>();
        try (Statement statement = connection.createStatement()) {
            ResultSet found =
                    statement.executeQuery("SELECT id, selector, pattern, ordered FROM convoke_listener ORDER BY id");
            while (found.next()) {
                rows.add(new Row(found.getString(1), found.getString(2), found.getBoolean(3), found.getBoolean(4)));
            }
        }
        try (Statement statement = connection.createStatement()) {
            ResultSet found = statement.executeQuery("SELECT before, now FROM convoke_event_name");
            while (found.next()) {
                renamed.put(found.getString(1), found.getString(2));
            }
        }
        return new Catalog(generation, rows, renamed);
    }

    /** How often the listeners had changed by then. */
    long generation() {
        return generation;
    }

    /** Whether one of them wants such an event. */
    boolean wants(String eventName) {
        return !matching(eventName).isEmpty();
    }

    /** Those who want such an event, by the name it has or by the one it has now. */
    List<Row> matching(String eventName) {
        String now = renamed.get(eventName);
        if (patterns.isEmpty() && now == null) {
            return byName.getOrDefault(eventName, List.of());
        }
        Set<Row> all = new LinkedHashSet<>();
        addMatching(eventName, all);
        if (now != null) {
            addMatching(now, all);
        }
        return List.copyOf(all);
    }

    private void addMatching(String eventName, Set<Row> to) {
        to.addAll(byName.getOrDefault(eventName, List.of()));
        for (Row row : patterns) {
            if (Pattern.matches(row.selector, eventName)) {
                to.add(row);
            }
        }
    }

    /** The listener with this id. */
    @Nullable Row find(String id) {
        return byId.get(id);
    }
}
