package dev.convoke.journal.internal;

import dev.convoke.event.DeliveryResult;
import dev.convoke.journal.DeadReason;
import dev.convoke.journal.internal.DeliveryTable.Claimed;
import dev.convoke.journal.internal.DeliveryTable.Now;
import dev.convoke.journal.internal.DeliveryTable.Parked;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes down how deliveries have ended, and tells of it once that is committed.
 *
 * <p>Confined to the worker's thread, but for the count of stale results.
 */
final class WorkerResults {
    /** After what time a delivery is tried again that there was no room or no connection for. */
    private static final long OVERLOADED_MILLIS = 1_000;

    private final Journal journal;
    private final DeliveryTable deliveries;
    private final WorkerClaims claims;

    /** What is to be told when the transaction is committed. */
    private final List<Runnable> news = new ArrayList<>();

    /** After what time the next of those is due that are tried again. */
    private long nextDueMillis = Long.MAX_VALUE;

    /** How many results belonged to an epoch that was over. */
    private final AtomicLong stale = new AtomicLong();

    WorkerResults(Journal journal, WorkerClaims claims) {
        this.journal = journal;
        this.deliveries = journal.deliveries();
        this.claims = claims;
    }

    long stale() {
        return stale.get();
    }

    /** When the next of those is due that are tried again, in milliseconds. */
    long takeNextDue() {
        long next = nextDueMillis;
        nextDueMillis = Long.MAX_VALUE;
        return next;
    }

    /** Tells what is committed. */
    void tell() {
        news.forEach(Runnable::run);
        news.clear();
    }

    /**
     * Writes down how these have ended.
     *
     * @param isStopping whether what was stopped is to be made by another process
     * @param lanes gets those that go on
     */
    void write(Connection connection, List<Ended> batch, boolean isStopping, Set<Lane> lanes) throws SQLException {
        news.clear();
        List<Ended> done = new ArrayList<>();
        for (Ended one : batch) {
            boolean leaves = write(connection, one, isStopping, done);
            Lane lane = one.delivery.inLane();
            if (leaves && lane != null) {
                lanes.add(lane);
            }
        }
        done(connection, done);
    }

    private void done(Connection connection, List<Ended> done) throws SQLException {
        Set<Claimed> late = deliveries.done(
                connection, done.stream().map(one -> one.delivery).toList());
        for (Ended one : done) {
            if (late.contains(one.delivery)
                    && !(one.mayBeWritten && deliveries.now(connection, one.delivery.id()) == null)) {
                stale.incrementAndGet();
            } else {
                ended(one);
            }
        }
        journal.events()
                .ended(
                        connection,
                        done.stream()
                                .filter(one -> one.isOld)
                                .map(one -> one.delivery.event())
                                .toList());
    }

    private void ended(Ended one) {
        journal.settling().changed(one.stored);
        if (one.event != null) {
            news.add(() -> one.local.listener().ended(one.event, one.result));
        }
    }

    /** Says whether the lane goes on. */
    private boolean write(Connection connection, Ended one, boolean isStopping, List<Ended> done) throws SQLException {
        DeliveryResult result = one.result;
        if (one.fence.isCommitted()) {
            ended(one);
            return true; // its listener has written that down itself, whatever came after
        }
        if (result instanceof DeliveryResult.Succeeded || isFiltered(result)) {
            done.add(one);
            return true;
        }
        boolean wasStopped = isStopping && !(result instanceof DeliveryResult.Failed);
        if (wasStopped || result instanceof DeliveryResult.Skipped || hadNoRoom(one)) {
            return again(connection, one, hadNoRoom(one) ? OVERLOADED_MILLIS : 0, false);
        }
        return failed(connection, one);
    }

    private static boolean isFiltered(DeliveryResult result) {
        return result instanceof DeliveryResult.Skipped skipped && skipped.reason() == DeliveryResult.Reason.FILTERED;
    }

    /** To wait for a thread or a connection is no attempt. */
    private static boolean hadNoRoom(Ended one) {
        boolean hadNoConnection =
                !one.fence.isBegun() && one.result.failure().orElse(null) instanceof NoConnectionException;
        return hadNoConnection || one.result instanceof DeliveryResult.Rejected;
    }

    private boolean failed(Connection connection, Ended one) throws SQLException {
        if (one.result.failure().orElse(null) instanceof UnreadableException unreadable) {
            park(connection, one, unreadable.reason());
            return false;
        }
        if (!one.isRetried) {
            bury(connection, one);
            return true;
        }
        Duration delay = one.local.listener().options().retry().delayBefore(one.delivery.attempts() + 2);
        boolean isOver = again(connection, one, delay.toMillis(), true);
        if (!isOver) {
            tellRetried(one, delay);
        }
        return isOver;
    }

    private void tellRetried(Ended one, Duration delay) {
        if (one.event != null) {
            news.add(() -> one.local.listener().retried(one.event, one.result, one.delivery.attempts() + 2, delay));
        }
    }

    /** Says whether it was of an epoch that was over. */
    private boolean again(Connection connection, Ended one, long delayMillis, boolean counts) throws SQLException {
        nextDueMillis = Math.min(nextDueMillis, delayMillis);
        boolean isWritten = deliveries.again(connection, one.delivery, delayMillis, counts, one.error);
        return isOver(connection, one, isWritten);
    }

    private void park(Connection connection, Ended one, DeadReason reason) throws SQLException {
        String needs = Needs.of(one.stored).text();
        claims.failedToRead(new Parked(one.delivery.listener(), needs));
        boolean isWritten = deliveries.park(connection, one.delivery, needs, reason.name(), one.error);
        if (!isOver(connection, one, isWritten)) {
            Log.debug(
                    "a delivery of event " + one.stored.eventId() + " to " + one.local.name()
                            + " cannot be read in this process",
                    one.result.failure().orElseThrow());
        }
    }

    private void bury(Connection connection, Ended one) throws SQLException {
        boolean isWritten = deliveries.dead(connection, one.delivery, DeadReason.FAILED.name(), one.error);
        if (!isOver(connection, one, isWritten)) {
            ended(one);
            Throwable cause = one.result.failure().orElseThrow();
            if (one.event != null) {
                news.add(() -> one.local
                        .listener()
                        .died(one.delivery.id().text(), one.event, one.delivery.attempts() + 1, cause));
            }
        }
    }

    /** Whether the result came too late, for an epoch that was over: another process has the delivery, or it is done. */
    private boolean isOver(Connection connection, Ended one, boolean isWritten) throws SQLException {
        if (isWritten || (one.mayBeWritten && hasEnded(deliveries.now(connection, one.delivery.id()), one))) {
            return false;
        }
        stale.incrementAndGet();
        return true;
    }

    /**
     * Whether it was this result that ended the epoch: nothing else does that without beginning the next one. An operator may have
     * done something with the delivery since.
     */
    private static boolean hasEnded(@Nullable Now now, Ended one) {
        return now != null
                && now.epoch() == one.delivery.epoch()
                && !now.state().equals("RUNNING");
    }
}
