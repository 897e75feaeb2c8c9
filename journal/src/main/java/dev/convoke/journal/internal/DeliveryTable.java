package dev.convoke.journal.internal;

import dev.convoke.journal.DeadReason;
import dev.convoke.journal.UnreadableDelivery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
                WHERE listener = ? AND state = 'READY' AND due_at >= ? AND due_at <= :now AND crashes < 2
                    AND EXISTS (SELECT 1 FROM convoke_session WHERE id = ?)
                ORDER BY due_at, event LIMIT ? :skip)
            UPDATE convoke_delivery SET state = 'RUNNING', epoch = epoch + 1, session = ?
            FROM due WHERE event = due_event AND listener = ?
            RETURNING event, listener, lane, epoch, attempts, crashes, due_at""";

    /** READY → RUNNING, for one that was running when processes were lost, at least twice. */
    static final String CLAIM_SUSPECT = """
            WITH due AS MATERIALIZED (
                SELECT event AS due_event FROM convoke_delivery
                WHERE listener = ? AND state = 'READY' AND due_at <= :now AND crashes >= 2
                    AND EXISTS (SELECT 1 FROM convoke_session WHERE id = ?)
                ORDER BY due_at LIMIT 1 :skip)
            UPDATE convoke_delivery SET state = 'RUNNING', epoch = epoch + 1, session = ?
            FROM due WHERE event = due_event AND listener = ?
            RETURNING event, listener, lane, epoch, attempts, crashes, due_at""";

    /** UNREADABLE → RUNNING. */
    static final String CLAIM_PARKED = """
            WITH due AS MATERIALIZED (
                SELECT event AS due_event FROM convoke_delivery
                WHERE listener = ? AND state = 'UNREADABLE' AND needs = ?
                    AND EXISTS (SELECT 1 FROM convoke_session WHERE id = ?)
                ORDER BY event LIMIT ? :skip)
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
                WHERE o.listener = ? AND o.lane = ? AND o.lane IS NOT NULL
                    AND o.state IN ('READY', 'RUNNING', 'UNREADABLE'))""";

    /**
     * The epoch that this process has claimed. Said in this way, it is looked for by its key: PostgreSQL, while it knows nothing of the
     * table, takes an index of all that run for as quick, and goes through all of them.
     */
    private static final String MINE = "event = ? AND listener = ? AND epoch = ? AND coalesce(state, '') = 'RUNNING'";

    /** RUNNING → done. */
    static final String DONE = "DELETE FROM convoke_delivery WHERE " + MINE;

    private final Database database;

    DeliveryTable(Database database) {
        this.database = database;
    }

    /** One epoch of a delivery. */
    record Claim(long event, String listener, int epoch) {}

    /** A delivery that this process has claimed. */
    record Claimed(
            long event, String listener, @Nullable String lane, int epoch, int attempts, int crashes, long dueAt) {
        Claim claim() {
            return new Claim(event, listener, epoch);
        }

        DeliveryId id() {
            return new DeliveryId(event, listener);
        }

        /** Whether it may be what processes were lost by. */
        boolean isSuspect() {
            return crashes >= 2;
        }

        /** Where it stands in line, if it does: by what its listener was when the event was published. */
        @Nullable Lane inLane() {
            return lane == null ? null : new Lane(listener, lane);
        }
    }

    /** READY → RUNNING, for at most so many that are due, and were not before the floor; the oldest first. */
    List<Claimed> claim(Connection connection, String listener, String session, long floor, int atMost)
            throws SQLException {
        try (PreparedStatement claim = connection.prepareStatement(database.sql(CLAIM))) {
            claim.setString(1, listener);
            claim.setLong(2, floor);
            claim.setString(3, session);
            claim.setInt(4, atMost);
            claim.setString(5, session);
            claim.setString(6, listener);
            return claimed(claim);
        }
    }

    /** READY → RUNNING, for one that may be what its processes were lost by. */
    List<Claimed> claimSuspect(Connection connection, String listener, String session) throws SQLException {
        try (PreparedStatement claim = connection.prepareStatement(database.sql(CLAIM_SUSPECT))) {
            claim.setString(1, listener);
            claim.setString(2, session);
            claim.setString(3, session);
            claim.setString(4, listener);
            return claimed(claim);
        }
    }

    /** UNREADABLE → RUNNING, for at most so many that need this. */
    List<Claimed> claimParked(Connection connection, Parked parked, String session, int atMost) throws SQLException {
        try (PreparedStatement claim = connection.prepareStatement(database.sql(CLAIM_PARKED))) {
            claim.setString(1, parked.listener);
            claim.setString(2, parked.needs);
            claim.setString(3, session);
            claim.setInt(4, atMost);
            claim.setString(5, session);
            claim.setString(6, parked.listener);
            return claimed(claim);
        }
    }

    private static List<Claimed> claimed(PreparedStatement claim) throws SQLException {
        List<Claimed> claimed = new ArrayList<>();
        addAll(claim.executeQuery(), claimed);
        claimed.sort(Comparator.comparingLong(Claimed::event));
        return claimed;
    }

    /** Deliveries to a listener that wait for a process that can read what they need. */
    record Parked(String listener, String needs) {}

    /** What there is that nobody could read so far. */
    List<Parked> parked(Connection connection) throws SQLException {
        List<Parked> parked = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                database.sql("SELECT DISTINCT listener, needs FROM convoke_delivery WHERE state = 'UNREADABLE'"))) {
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                parked.add(new Parked(rows.getString(1), rows.getString(2)));
            }
        }
        return parked;
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
        try (PreparedStatement select = connection.prepareStatement(database.sql("""
                SELECT event, listener, lane, epoch, attempts, crashes, due_at FROM convoke_delivery
                WHERE session = ? AND state = 'RUNNING'"""))) {
            select.setString(1, session);
            addAll(select.executeQuery(), running);
        }
        return running;
    }

    /** RUNNING → done. Says whether it was this epoch's. */
    boolean done(Connection connection, Claimed delivery) throws SQLException {
        return done(connection, List.of(delivery)).isEmpty();
    }

    /** The same for many; returns those whose epoch was over. */
    Set<Claimed> done(Connection connection, List<Claimed> deliveries) throws SQLException {
        Set<Claimed> late = new HashSet<>();
        if (deliveries.isEmpty()) {
            return late;
        }
        try (PreparedStatement delete = connection.prepareStatement(database.sql(DONE))) {
            for (Claimed delivery : deliveries) {
                identify(delete, 1, delivery);
                delete.addBatch();
            }
            int[] changed = delete.executeBatch();
            for (int i = 0; i < changed.length; i++) {
                if (changed[i] == 0) {
                    late.add(deliveries.get(i));
                }
            }
            return late;
        }
    }

    /** RUNNING → READY after a time; an attempt has ended, or else it has not. Says whether it was this epoch's. */
    boolean again(Connection connection, Claimed delivery, long delayMillis, boolean counts, String error)
            throws SQLException {
        int attempt = counts ? 1 : 0;
        try (PreparedStatement update = connection.prepareStatement(database.sql("""
                UPDATE convoke_delivery
                SET state = 'READY', due_at = :now + ?, attempts = attempts + ?, error = ?, session = NULL, reason = NULL,
                    parked_at = NULL, needs = NULL,
                    failed_at = CASE WHEN ? = 1 THEN :now ELSE failed_at END,
                    first_failed_at = CASE WHEN ? = 1 THEN coalesce(first_failed_at, :now) ELSE first_failed_at END
                WHERE %s""".formatted(MINE)))) {
            update.setLong(1, delayMillis);
            update.setInt(2, attempt);
            update.setString(3, error);
            update.setInt(4, attempt);
            update.setInt(5, attempt);
            identify(update, 6, delivery);
            return update.executeUpdate() == 1;
        }
    }

    /** RUNNING → DEAD, as an attempt has ended that is not followed by another one. Says whether it was this epoch's. */
    boolean dead(Connection connection, Claimed delivery, String reason, String error) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(database.sql("""
                UPDATE convoke_delivery
                SET state = 'DEAD', reason = ?, attempts = attempts + 1, error = ?, session = NULL, parked_at = NULL,
                    needs = NULL, failed_at = :now, first_failed_at = coalesce(first_failed_at, :now)
                WHERE %s""".formatted(MINE)))) {
            update.setString(1, reason);
            update.setString(2, error);
            identify(update, 3, delivery);
            return update.executeUpdate() == 1;
        }
    }

    /** RUNNING → UNREADABLE: it waits for a process that can read it. Says whether it was this epoch's. */
    boolean park(Connection connection, Claimed delivery, String needs, String reason, String error)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(database.sql("""
                UPDATE convoke_delivery
                SET state = 'UNREADABLE', needs = ?, reason = ?, error = ?, session = NULL,
                    parked_at = coalesce(parked_at, :now), failed_at = :now,
                    first_failed_at = coalesce(first_failed_at, :now)
                WHERE %s""".formatted(MINE)))) {
            update.setString(1, needs);
            update.setString(2, reason);
            update.setString(3, error);
            identify(update, 4, delivery);
            return update.executeUpdate() == 1;
        }
    }

    /** UNREADABLE → DEAD, where nobody could read it for so long. */
    Recovered buryParked(Connection connection, long graceMillis) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(database.sql("""
                UPDATE convoke_delivery SET state = 'DEAD', parked_at = NULL, needs = NULL
                WHERE (event, listener) IN (
                    SELECT event, listener FROM convoke_delivery
                    WHERE state = 'UNREADABLE' AND parked_at < :now - ? ORDER BY listener, needs, event LIMIT 1000 :skip)
                RETURNING listener, lane, state, event, epoch, reason, attempts, error"""))) {
            update.setLong(1, graceMillis);
            return recovered(update.executeQuery());
        }
    }

    /** What nobody could read for so long, by listener and what it needs. */
    List<UnreadableDelivery> unreadable(Connection connection, long settleMillis) throws SQLException {
        List<UnreadableDelivery> found = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement(database.sql("""
                SELECT name, needs, error, deliveries, (SELECT event_id FROM convoke_event e WHERE e.id = oldest) FROM (
                    SELECT coalesce(l.name, d.listener) AS name, d.needs AS needs, max(d.error) AS error,
                        count(*) AS deliveries, min(d.event) AS oldest
                    FROM convoke_delivery d %s
                    WHERE d.state = 'UNREADABLE' AND d.parked_at < :now - ? GROUP BY 1, 2) AS unreadable""".formatted(ListenerTable.JOINED)))) {
            select.setLong(1, settleMillis);
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                Needs needs = Needs.of(rows.getString(2));
                found.add(new UnreadableDelivery(
                        rows.getString(1),
                        needs.eventName(),
                        rows.getString(5),
                        needs.version(),
                        rows.getString(3),
                        rows.getLong(4)));
            }
        }
        return found;
    }

    private static List<Lane> lanes(ResultSet rows) throws SQLException {
        List<Lane> lanes = new ArrayList<>();
        while (rows.next()) {
            String key = rows.getString(2);
            if (key != null) {
                lanes.add(new Lane(rows.getString(1), key));
            }
        }
        return lanes;
    }

    private static void identify(PreparedStatement statement, int from, Claimed delivery) throws SQLException {
        statement.setLong(from, delivery.event());
        statement.setString(from + 1, delivery.listener());
        statement.setInt(from + 2, delivery.epoch());
    }

    /** A delivery as it is now; null where it is done. */
    @Nullable Now now(Connection connection, DeliveryId id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                database.sql("SELECT state, epoch FROM convoke_delivery WHERE event = ? AND listener = ?"))) {
            select.setLong(1, id.event());
            select.setString(2, id.listener());
            ResultSet row = select.executeQuery();
            return row.next() ? new Now(row.getString(1), row.getInt(2)) : null;
        }
    }

    record Now(String state, int epoch) {}

    /** WAITING → READY for the first of a lane, unless that is there or running. */
    void promote(Connection connection, Lane lane) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(database.sql(PROMOTE))) {
            update.setString(1, lane.listener());
            update.setString(2, lane.key());
            update.setString(3, lane.listener());
            update.setString(4, lane.key());
            update.setString(5, lane.listener());
            update.setString(6, lane.key());
            update.executeUpdate();
        }
    }

    /** Lanes whose first is WAITING: of those whose process was lost before it could let it go. */
    List<Lane> stuckLanes(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(database.sql("""
                SELECT listener, lane FROM convoke_delivery
                WHERE lane IS NOT NULL AND state NOT IN ('DEAD', 'DISCARDED') GROUP BY listener, lane
                HAVING count(CASE WHEN state <> 'WAITING' THEN 1 END) = 0"""))) {
            return lanes(select.executeQuery());
        }
    }

    /** RUNNING → READY, of a session that ends in good order; says how many. */
    int handBack(Connection connection, String session) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(database.sql("""
                UPDATE convoke_delivery SET state = 'READY', epoch = epoch + 1, session = NULL, due_at = :now
                WHERE session = ? AND state = 'RUNNING'"""))) {
            update.setString(1, session);
            return update.executeUpdate();
        }
    }

    /**
     * RUNNING → READY or DEAD, of those whose session is gone: it was lost.
     *
     * @param windowMillis a crash counts for so long
     */
    Recovered recover(Connection connection, long windowMillis, int mostCrashes) throws SQLException {
        String crashes = "CASE WHEN crashed_at >= :now - ? THEN crashes + 1 ELSE 1 END";
        try (PreparedStatement update =
                connection.prepareStatement(database.sql("""
                UPDATE convoke_delivery SET
                    crashes = %s,
                    crashed_at = :now,
                    epoch = epoch + 1,
                    session = NULL,
                    due_at = :now,
                    state = CASE WHEN %s >= ? THEN 'DEAD' ELSE 'READY' END,
                    reason = CASE WHEN %s >= ? THEN 'CRASHED' ELSE reason END,
                    failed_at = :now,
                    first_failed_at = coalesce(first_failed_at, :now)
                WHERE (event, listener) IN (
                    SELECT event, listener FROM convoke_delivery d
                    WHERE state = 'RUNNING' AND NOT EXISTS (SELECT 1 FROM convoke_session s WHERE s.id = d.session)
                    :skip)
                RETURNING listener, lane, state, event, epoch, reason, attempts, error""".formatted(crashes, crashes, crashes)))) {
            update.setLong(1, windowMillis);
            update.setLong(2, windowMillis);
            update.setInt(3, mostCrashes);
            update.setLong(4, windowMillis);
            update.setInt(5, mostCrashes);
            return recovered(update.executeQuery());
        }
    }

    /** A delivery that has died without a result, in this epoch. */
    record Buried(
            DeliveryId id,
            int epoch,
            DeadReason reason,
            int attempts,
            @Nullable String error) {
        /** In words. */
        String why() {
            String last = error == null || error.isEmpty() ? "" : error;
            return reason != DeadReason.CRASHED
                    ? last
                    : "too many processes were lost while they ran it"
                            + (last.isEmpty() ? "" : "; before that: " + last);
        }
    }

    /**
     * What was recovered or given up.
     *
     * @param lanes those that lost their first for good
     */
    record Recovered(int deliveries, List<Lane> lanes, List<Buried> dead) {
        static final Recovered NOTHING = new Recovered(0, List.of(), List.of());
    }

    private static Recovered recovered(ResultSet rows) throws SQLException {
        int count = 0;
        List<Lane> lanes = new ArrayList<>();
        List<Buried> dead = new ArrayList<>();
        while (rows.next()) {
            count++;
            if (rows.getString(3).equals("DEAD")) {
                String listener = rows.getString(1);
                String key = rows.getString(2);
                dead.add(buried(listener, rows));
                if (key != null) {
                    lanes.add(new Lane(listener, key));
                }
            }
        }
        return new Recovered(count, lanes, dead);
    }

    private static Buried buried(String listener, ResultSet row) throws SQLException {
        String reason = row.getString(6);
        return new Buried(
                new DeliveryId(row.getLong(4), listener),
                row.getInt(5),
                reason == null ? DeadReason.UNREADABLE : DeadReason.valueOf(reason),
                row.getInt(7),
                row.getString(8));
    }

    /** How many deliveries are open, if not more than this. */
    long backlog(Connection connection, long atMost) throws SQLException {
        try (PreparedStatement count = connection.prepareStatement(database.sql("""
                SELECT count(*) FROM (
                    SELECT 1 FROM convoke_delivery WHERE state NOT IN ('DEAD', 'DISCARDED') LIMIT ?) AS open"""))) {
            count.setLong(1, atMost);
            ResultSet rows = count.executeQuery();
            rows.next();
            return rows.getLong(1);
        }
    }
}
