package dev.convoke.journal.internal;

import dev.convoke.journal.DeadDelivery;
import dev.convoke.journal.DeadGroup;
import dev.convoke.journal.DeadReason;
import dev.convoke.journal.DeadSelection;
import dev.convoke.journal.EventStatus.State;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What is done to deliveries that are not tried again. Thread-safe: it has no state of its own. */
final class DeadTable {
    private static final String SELECTED = """
             FROM convoke_delivery d JOIN convoke_event e ON e.id = d.event JOIN convoke_listener l ON l.id = d.listener
            WHERE d.state = ?
                AND (? = '' OR l.name = ?) AND (? = '' OR d.reason = ?)
                AND (? = '' OR substr(d.error, 1, length(?)) = ?) AND (? = '' OR e.event_id = ?)""";

    private final Database database;

    /** Gets lanes of which somebody has to let the first go. */
    private final Consumer<Set<Lane>> lookAt;

    DeadTable(Database database, Consumer<Set<Lane>> lookAt) {
        this.database = database;
        this.lookAt = lookAt;
    }

    List<DeadDelivery> list(Connection connection, DeadSelection selection, State state, int atMost)
            throws SQLException {
        List<DeadDelivery> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(database.sql(
                "SELECT e.source, e.event_id, e.name, e.event_key, l.name, d.state, d.reason, d.attempts, d.crashes,"
                        + " d.error, e.payload" + SELECTED + " ORDER BY e.id, d.listener LIMIT ?"))) {
            select.setInt(select(select, 1, selection, state), atMost);
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                found.add(dead(rows));
            }
        }
        return found;
    }

    private static DeadDelivery dead(ResultSet row) throws SQLException {
        return new DeadDelivery(
                URI.create(row.getString(1)),
                row.getString(2),
                row.getString(3),
                Optional.ofNullable(row.getString(4)),
                row.getString(5),
                State.valueOf(row.getString(6)),
                DeadReason.valueOf(row.getString(7)),
                row.getInt(8),
                row.getInt(9),
                Optional.ofNullable(row.getString(10)),
                row.getString(11));
    }

    /** By listener, reason and the first line of the error, the largest group first. */
    List<DeadGroup> groups(Connection connection, int atMost) throws SQLException {
        List<DeadGroup> groups = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement(database.sql("""
                        SELECT listener, reason, first_line, count(*) FROM (
                            SELECT l.name AS listener, reason, CASE
                                WHEN error IS NULL THEN ''
                                WHEN %s = 0 THEN error
                                ELSE substr(error, 1, %s - 1) END AS first_line
                            FROM convoke_delivery d JOIN convoke_listener l ON l.id = d.listener WHERE state = 'DEAD') AS dead
                        GROUP BY listener, reason, first_line ORDER BY count(*) DESC, listener, reason, first_line LIMIT ?""".formatted(database.dialect().endOfLine(), database.dialect().endOfLine())))) {
            select.setInt(1, atMost);
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                groups.add(new DeadGroup(
                        rows.getString(1), DeadReason.valueOf(rows.getString(2)), rows.getString(3), rows.getLong(4)));
            }
        }
        return groups;
    }

    /**
     * DEAD → READY, with all attempts anew, or WAITING where others of its lane are open; says how many were still DEAD.
     *
     * @param pauseMillis between one and the next
     */
    int retry(Connection connection, List<Row> rows, long pauseMillis) throws SQLException {
        Set<Lane> lanes = new HashSet<>();
        rows.forEach(row -> row.lane().ifPresent(lanes::add));
        Set<Lane> locked = database.tryLockLanes(connection, lanes);
        try (PreparedStatement update = connection.prepareStatement(database.sql("""
                UPDATE convoke_delivery
                SET due_at = :now + ?, attempts = 0, crashes = 0, reason = NULL, state = CASE WHEN ? = 'WAITING' OR EXISTS (
                    SELECT 1 FROM convoke_delivery o
                    WHERE o.listener = ? AND o.lane = ? AND o.lane IS NOT NULL
                        AND o.state NOT IN ('DEAD', 'DISCARDED')) THEN 'WAITING' ELSE 'READY' END
                WHERE event = ? AND listener = ? AND state = 'DEAD'"""))) {
            int changed = 0;
            for (Row row : rows) {
                boolean mayBeFirst = row.lane().isEmpty() || locked.contains(row.lane().orElseThrow());
                update.setLong(1, changed * pauseMillis);
                update.setString(2, mayBeFirst ? "READY" : "WAITING");
                update.setString(3, row.listener);
                update.setString(4, row.lane().map(Lane::key).orElse(null));
                update.setLong(5, row.event);
                update.setString(6, row.listener);
                changed += update.executeUpdate();
            }
            lanes.removeAll(locked);
            lookAt.accept(lanes);
            return changed;
        }
    }

    /** Which delivery is meant. */
    record Row(long event, String listener, Optional<Lane> lane) {}

    /** How it is doing; empty where it is done. */
    Optional<State> state(Connection connection, Row row) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        database.sql("SELECT state FROM convoke_delivery WHERE event = ? AND listener = ?"))) {
            select.setLong(1, row.event);
            select.setString(2, row.listener);
            ResultSet found = select.executeQuery();
            return found.next() ? Optional.of(State.valueOf(found.getString(1))) : Optional.empty();
        }
    }

    /** Which are selected, the oldest first. */
    List<Row> rows(Connection connection, DeadSelection selection, State state, int atMost) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(database.sql(
                "SELECT d.event, d.listener, d.lane" + SELECTED + " ORDER BY d.event, d.listener LIMIT ?"))) {
            select.setInt(select(select, 1, selection, state), atMost);
            ResultSet found = select.executeQuery();
            while (found.next()) {
                String listener = found.getString(2);
                Optional<Lane> lane = Optional.ofNullable(found.getString(3)).map(key -> new Lane(listener, key));
                rows.add(new Row(found.getLong(1), listener, lane));
            }
        }
        return rows;
    }

    /** DEAD → DISCARDED, or back. */
    int move(Connection connection, DeadSelection selection, State from, State to) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(database.sql(
                "UPDATE convoke_delivery SET state = ? WHERE state = ? AND (event, listener) IN (SELECT d.event, d.listener"
                        + SELECTED + ")"))) {
            update.setString(1, to.name());
            update.setString(2, from.name());
            select(update, 3, selection, from);
            return update.executeUpdate();
        }
    }

    /** Sets the parameters of the selection, and returns the place of the next one. */
    private static int select(PreparedStatement statement, int from, DeadSelection selection, State state)
            throws SQLException {
        String listener = selection.listener().orElse("");
        String reason = selection.reason().map(DeadReason::name).orElse("");
        String error = selection.error().orElse("");
        String event = selection.eventId().orElse("");
        String[] values = {state.name(), listener, listener, reason, reason, error, error, error, event, event};
        for (int i = 0; i < values.length; i++) {
            statement.setString(from + i, values[i]);
        }
        return from + values.length;
    }
}
