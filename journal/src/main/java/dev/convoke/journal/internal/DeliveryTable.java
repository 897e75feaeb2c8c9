package dev.convoke.journal.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transitions of deliveries. Each is a comparison and a change in one statement: a result that belongs to an epoch that is
 * over changes nothing.
 *
 * <p>Thread-safe: it has no state of its own.
 */
final class DeliveryTable {
    /** READY → RUNNING. */
    static final String CLAIM = """
            WITH due AS MATERIALIZED (
                SELECT event AS due_event FROM convoke_delivery
                WHERE listener = ? AND state = 'READY' AND due_at >= ? AND due_at <= :now
                ORDER BY due_at, event LIMIT ? :skip)
            UPDATE convoke_delivery SET state = 'RUNNING', epoch = epoch + 1, session = ?
            FROM due WHERE event = due_event AND listener = ?
            RETURNING event, listener, lane, epoch, attempts, crashes, due_at""";

    /** WAITING → READY, for the first of a lane. */
    static final String PROMOTE = """
            UPDATE convoke_delivery SET state = 'READY', due_at = :now
            WHERE listener = ? AND lane = ? AND state = 'WAITING' AND event = (
                SELECT min(event) FROM convoke_delivery
                WHERE listener = ? AND lane = ? AND lane IS NOT NULL AND state NOT IN ('DEAD', 'DISCARDED'))
            AND NOT EXISTS (
                SELECT 1 FROM convoke_delivery o
                WHERE o.listener = ? AND o.lane = ? AND o.lane IS NOT NULL AND o.state IN ('READY', 'RUNNING'))""";

    private final Dialect dialect;

    DeliveryTable(Dialect dialect) {
        this.dialect = dialect;
    }

    /** One epoch of a delivery. */
    record Claim(long event, String listener, int epoch) {}

    /** A delivery that this process has claimed. */
    record Claimed(
            long event, String listener, @Nullable String lane, int epoch, int attempts, int crashes, long dueAt) {
        Claim claim() {
            return new Claim(event, listener, epoch);
        }

        /** Where it stands in line, if it does: by what its listener was when the event was published. */
        @Nullable Lane inLane() {
            return lane == null ? null : new Lane(listener, lane);
        }
    }

    /** READY → RUNNING, for at most so many that are due, and were not before the floor; the oldest first. */
    List<Claimed> claim(Connection connection, String listener, String session, long floor, int atMost)
            throws SQLException {
        List<Claimed> claimed = new ArrayList<>();
        try (PreparedStatement claim = connection.prepareStatement(dialect.sql(CLAIM))) {
            claim.setString(1, listener);
            claim.setLong(2, floor);
            claim.setInt(3, atMost);
            claim.setString(4, session);
            claim.setString(5, listener);
            addAll(claim.executeQuery(), claimed);
        }
        claimed.sort(Comparator.comparingLong(Claimed::event));
        return claimed;
    }

    private static void addAll(ResultSet rows, List<Claimed> claimed) throws SQLException {
        while (rows.next()) {
            claimed.add(new Claimed(
                    rows.getLong(1),
                    rows.getString(2),
                    rows.getString(3),
                    rows.getInt(4),
                    rows.getInt(5),
                    rows.getInt(6),
                    rows.getLong(7)));
        }
    }

    /** What this session has. */
    List<Claimed> running(Connection connection, String session) throws SQLException {
        List<Claimed> running = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT event, listener, lane, epoch, attempts, crashes, due_at FROM convoke_delivery
                WHERE session = ? AND state = 'RUNNING'""")) {
            select.setString(1, session);
            addAll(select.executeQuery(), running);
        }
        return running;
    }

    /** RUNNING → done. Says whether it was this epoch's. */
    boolean done(Connection connection, Claimed delivery) throws SQLException {
        return done(connection, List.of(delivery)) == 0;
    }

    /** The same for many; says how many were of another epoch. */
    int done(Connection connection, Collection<Claimed> deliveries) throws SQLException {
        if (deliveries.isEmpty()) {
            return 0;
        }
        try (PreparedStatement delete = connection.prepareStatement("""
                        DELETE FROM convoke_delivery
                        WHERE event = ? AND listener = ? AND epoch = ? AND state = 'RUNNING'""")) {
            for (Claimed delivery : deliveries) {
                identify(delete, 1, delivery);
                delete.addBatch();
            }
            int stale = 0;
            for (int changed : delete.executeBatch()) {
                stale += changed == 0 ? 1 : 0;
            }
            return stale;
        }
    }

    /** RUNNING → READY after a time; an attempt has ended, or else it has not. Says whether it was this epoch's. */
    boolean again(Connection connection, Claimed delivery, long delayMillis, boolean counts, String error)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(dialect.sql("""
                        UPDATE convoke_delivery
                        SET state = 'READY', due_at = :now + ?, attempts = attempts + ?, error = ?, session = NULL
                        WHERE event = ? AND listener = ? AND epoch = ? AND state = 'RUNNING'"""))) {
            update.setLong(1, delayMillis);
            update.setInt(2, counts ? 1 : 0);
            update.setString(3, error);
            identify(update, 4, delivery);
            return update.executeUpdate() == 1;
        }
    }

    /** RUNNING → DEAD. Says whether it was this epoch's. */
    boolean dead(Connection connection, Claimed delivery, String reason, boolean counts, String error)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                        UPDATE convoke_delivery
                        SET state = 'DEAD', reason = ?, attempts = attempts + ?, error = ?, session = NULL
                        WHERE event = ? AND listener = ? AND epoch = ? AND state = 'RUNNING'""")) {
            update.setString(1, reason);
            update.setInt(2, counts ? 1 : 0);
            update.setString(3, error);
            identify(update, 4, delivery);
            return update.executeUpdate() == 1;
        }
    }

    private static void identify(PreparedStatement statement, int from, Claimed delivery) throws SQLException {
        statement.setLong(from, delivery.event());
        statement.setString(from + 1, delivery.listener());
        statement.setInt(from + 2, delivery.epoch());
    }

    /** WAITING → READY for the first of a lane, unless that is there or running. */
    void promote(Connection connection, Lane lane) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(dialect.sql(PROMOTE))) {
            update.setString(1, lane.listener());
            update.setString(2, lane.key());
            update.setString(3, lane.listener());
            update.setString(4, lane.key());
            update.setString(5, lane.listener());
            update.setString(6, lane.key());
            update.executeUpdate();
        }
    }

    /** The same for every lane whose first is WAITING: of those whose process was lost before it could do so. */
    List<Lane> stuckLanes(Connection connection) throws SQLException {
        List<Lane> stuck = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                        SELECT listener, lane FROM convoke_delivery
                        WHERE lane IS NOT NULL AND state NOT IN ('DEAD', 'DISCARDED') GROUP BY listener, lane
                        HAVING count(CASE WHEN state <> 'WAITING' THEN 1 END) = 0""")) {
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                stuck.add(new Lane(rows.getString(1), rows.getString(2)));
            }
        }
        return stuck;
    }

    /** RUNNING → READY or DEAD, of those whose session is over, or gave no sign of life for so long; says how many. */
    int recover(Connection connection, long ttlMillis, int mostCrashes) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(dialect.sql("""
                        UPDATE convoke_delivery SET
                            crashes = crashes + 1,
                            epoch = epoch + 1,
                            session = NULL,
                            due_at = :now,
                            state = CASE WHEN crashes + 1 >= ? THEN 'DEAD' ELSE 'READY' END,
                            reason = CASE WHEN crashes + 1 >= ? THEN 'CRASHED' ELSE reason END
                        WHERE (event, listener) IN (
                            SELECT event, listener FROM convoke_delivery d
                            WHERE state = 'RUNNING' AND NOT EXISTS (
                                SELECT 1 FROM convoke_session s WHERE s.id = d.session AND s.heartbeat_at >= :now - ?)
                            :skip)"""))) {
            update.setInt(1, mostCrashes);
            update.setInt(2, mostCrashes);
            update.setLong(3, ttlMillis);
            return update.executeUpdate();
        }
    }

    /** How many deliveries are open, if not more than this. */
    long backlog(Connection connection, long atMost) throws SQLException {
        try (PreparedStatement count = connection.prepareStatement("""
                        SELECT count(*) FROM (SELECT 1 FROM convoke_delivery WHERE state NOT IN ('DEAD', 'DISCARDED') LIMIT ?) AS open""")) {
            count.setLong(1, atMost);
            ResultSet rows = count.executeQuery();
            rows.next();
            return rows.getLong(1);
        }
    }
}
