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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is done to deliveries that are not tried again. Everybody who changes many of them locks them in the same order, by event and
 * listener, so that nobody waits for somebody who waits for him.
 *
 * <p>Thread-safe: it has no state of its own.
 */
final class DeadTable {
    private final Database database;

    DeadTable(Database database) {
        this.database = database;
    }

    // ---- what there is ----

    List<DeadDelivery> list(Connection connection, DeadSelection selection, State state, int atMost)
            throws SQLException {
        List<DeadDelivery> found = new ArrayList<>();
        DeadFilter filter = DeadFilter.of(selection, state, database.dialect());
        try (PreparedStatement select = connection.prepareStatement(database.sql(
                "SELECT d.event, d.listener, e.source, e.event_id, e.name, e.event_key, e.published_at, d.name, d.state, "
                        + DeadFilter.REASON + ", d.attempts, d.crashes, d.error,"
                        + " coalesce(d.first_failed_at, d.failed_at, d.due_at), coalesce(d.failed_at, d.due_at), e.payload"
                        + " FROM (SELECT d.*, " + DeadFilter.LISTENER + " AS name" + filter.sql()
                        + " ORDER BY d.event, d.listener LIMIT ?) AS d JOIN convoke_event e ON e.id = d.event"
                        + " ORDER BY d.event, d.listener"))) {
            select.setInt(filter.set(select), atMost);
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                found.add(dead(rows));
            }
        }
        return found;
    }

    private static DeadDelivery dead(ResultSet row) throws SQLException {
        return new DeadDelivery(
                new DeliveryId(row.getLong(1), row.getString(2)).text(),
                URI.create(row.getString(3)),
                row.getString(4),
                row.getString(5),
                Optional.ofNullable(row.getString(6)),
                Instant.ofEpochMilli(row.getLong(7)),
                row.getString(8),
                State.valueOf(row.getString(9)),
                DeadReason.valueOf(row.getString(10)),
                row.getInt(11),
                row.getInt(12),
                Optional.ofNullable(row.getString(13)),
                Instant.ofEpochMilli(row.getLong(14)),
                Instant.ofEpochMilli(row.getLong(15)),
                row.getString(16));
    }

    /** By listener, reason and the first line of the error, the largest group first. */
    List<DeadGroup> groups(Connection connection, int atMost) throws SQLException {
        List<DeadGroup> groups = new ArrayList<>();
        DeadFilter filter = DeadFilter.of(DeadSelection.all(), State.DEAD, database.dialect());
        try (PreparedStatement select =
                connection.prepareStatement(database.sql("SELECT listener, reason, first_line, count(*) FROM (SELECT "
                        + DeadFilter.LISTENER + " AS listener, " + DeadFilter.REASON
                        + " AS reason, " + DeadFilter.firstLine(database.dialect()) + " AS first_line" + filter.sql()
                        + ") AS dead GROUP BY listener, reason, first_line"
                        + " ORDER BY count(*) DESC, listener, reason, first_line LIMIT ?"))) {
            select.setInt(filter.set(select), atMost);
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                groups.add(new DeadGroup(
                        rows.getString(1), DeadReason.valueOf(rows.getString(2)), rows.getString(3), rows.getLong(4)));
            }
        }
        return groups;
    }

    /** Which delivery is meant. */
    record Row(DeliveryId id, Optional<Lane> lane) {}

    /** Which are selected behind this one, the oldest first. */
    List<Row> rows(Connection connection, DeadSelection selection, State state, DeliveryId after, int atMost)
            throws SQLException {
        return rows(connection, selection, state, after, atMost, "");
    }

    /** The same, and nobody else changes them until the transaction ends. */
    List<Row> lock(Connection connection, DeadSelection selection, State state, DeliveryId after, int atMost)
            throws SQLException {
        return rows(
                connection, selection, state, after, atMost, database.dialect().lockOf("d"));
    }

    private List<Row> rows(
            Connection connection, DeadSelection selection, State state, DeliveryId after, int atMost, String lock)
            throws SQLException {
        List<Row> rows = new ArrayList<>();
        DeadFilter filter = DeadFilter.of(selection, state, database.dialect()).after(after);
        try (PreparedStatement select = connection.prepareStatement(database.sql("SELECT d.event, d.listener, d.lane"
                + filter.sql() + " ORDER BY d.event, d.listener LIMIT ? " + lock))) {
            select.setInt(filter.set(select), atMost);
            ResultSet found = select.executeQuery();
            while (found.next()) {
                String listener = found.getString(2);
                Optional<Lane> lane = Optional.ofNullable(found.getString(3)).map(key -> new Lane(listener, key));
                rows.add(new Row(new DeliveryId(found.getLong(1), listener), lane));
            }
        }
        return rows;
    }

    /** How it is doing; empty where it is done. */
    Optional<State> state(Connection connection, DeliveryId id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                database.sql("SELECT state FROM convoke_delivery WHERE event = ? AND listener = ?"))) {
            identify(select, 1, id);
            ResultSet found = select.executeQuery();
            return found.next() ? Optional.of(State.valueOf(found.getString(1))) : Optional.empty();
        }
    }

    /** The database's clock, in milliseconds. */
    long now(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(database.sql("SELECT :now"))) {
            ResultSet now = select.executeQuery();
            now.next();
            return now.getLong(1);
        }
    }

    // ---- what is changed ----

    /**
     * What was tried again.
     *
     * @param changed how many were still DEAD
     * @param lanes those of which somebody has to let the first go, as soon as this is committed
     */
    record Retried(int changed, Set<Lane> lanes) {}

    /**
     * DEAD → READY, with fresh attempts, or WAITING where others of its lane are open.
     *
     * @param dueAt when the first is due; a time that is over means now
     * @param pauseMillis between one and the next
     */
    Retried retry(Connection connection, List<Row> rows, long dueAt, long pauseMillis) throws SQLException {
        Set<Lane> lanes = new HashSet<>();
        rows.forEach(row -> row.lane().ifPresent(lanes::add));
        Set<Lane> locked = database.tryLockLanes(connection, lanes);
        try (PreparedStatement update = connection.prepareStatement(database.sql("""
                UPDATE convoke_delivery
                SET due_at = CASE WHEN ? > :now THEN ? ELSE :now END, attempts = 0, crashes = 0, crashed_at = NULL,
                    reason = NULL, parked_at = NULL, needs = NULL, state = CASE WHEN ? = 'WAITING' OR EXISTS (
                    SELECT 1 FROM convoke_delivery o
                    WHERE o.listener = ? AND o.lane = ? AND o.lane IS NOT NULL
                        AND o.state NOT IN ('DEAD', 'DISCARDED')) THEN 'WAITING' ELSE 'READY' END
                WHERE event = ? AND listener = ? AND state = 'DEAD'"""))) {
            long due = dueAt;
            for (Row row : rows) {
                boolean mayBeFirst =
                        row.lane().isEmpty() || locked.contains(row.lane().orElseThrow());
                update.setLong(1, due);
                update.setLong(2, due);
                update.setString(3, mayBeFirst ? "READY" : "WAITING");
                update.setString(4, row.id().listener());
                EventTable.setText(update, 5, row.lane().map(Lane::key).orElse(null));
                identify(update, 6, row.id());
                update.addBatch();
                due += pauseMillis;
            }
            lanes.removeAll(locked);
            return new Retried(changed(update, rows), lanes);
        }
    }

    /** DEAD → DISCARDED, or back; says how many of them were still as they were. */
    int move(Connection connection, List<Row> rows, State from, State to) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(database.sql("UPDATE convoke_delivery SET state = '"
                + to + "' WHERE event = ? AND listener = ? AND state = '" + from + "'"))) {
            for (Row row : rows) {
                identify(update, 1, row.id());
                update.addBatch();
            }
            return changed(update, rows);
        }
    }

    private static int changed(PreparedStatement update, List<Row> rows) throws SQLException {
        int changed = 0;
        for (int one : rows.isEmpty() ? new int[0] : update.executeBatch()) {
            changed += one;
        }
        return changed;
    }

    private static void identify(PreparedStatement statement, int from, DeliveryId id) throws SQLException {
        statement.setLong(from, id.event());
        statement.setString(from + 1, id.listener());
    }
}
