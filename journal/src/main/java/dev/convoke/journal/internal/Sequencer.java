package dev.convoke.journal.internal;

import dev.convoke.journal.DeadReason;
import dev.convoke.journal.internal.EventTable.New;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Gives what was published in transactions of the application's own its place among the other events, once it is committed: who
 * listens to it is decided here, so that no transaction of the application's holds anything that others need. On a thread of its
 * own; one process at a time does it.
 */
final class Sequencer implements Runnable {
    private static final int BATCH = 256;
    private static final long SHORTEST_POLL_MILLIS = 20;
    private static final long LONGEST_POLL_MILLIS = 1_000;

    private final Journal journal;
    private final Semaphore signal = new Semaphore(0);
    private final CountDownLatch end = new CountDownLatch(1);
    private final RepeatedWarning warning = new RepeatedWarning(
            "events that were published in transactions of the application's could not be sequenced; it is tried again in a second");
    private volatile boolean closed;

    /** Confined to the thread. */
    private long pollMillis = LONGEST_POLL_MILLIS;

    Sequencer(Journal journal) {
        this.journal = journal;
    }

    /** Something was published, in a transaction that may commit soon. */
    void wake() {
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    void close() {
        closed = true;
        end.countDown();
        wake();
    }

    @Override
    public void run() {
        try {
            while (!closed) {
                pause();
                while (!closed && turn() == BATCH) {
                    // there is more
                }
            }
        } catch (InterruptedException e) {
            // as good as being closed
        }
    }

    /** Looks often for a while after something was published: nobody says when its transaction commits. */
    private void pause() throws InterruptedException {
        boolean woken = signal.tryAcquire(pollMillis, TimeUnit.MILLISECONDS);
        signal.drainPermits();
        pollMillis = woken ? SHORTEST_POLL_MILLIS : Math.min(pollMillis * 2, LONGEST_POLL_MILLIS);
    }

    /** Sequences some events, and says how many. */
    private int turn() throws InterruptedException {
        try {
            Set<Lane> waiting = new HashSet<>();
            int sequenced = journal.database().brief(connection -> sequence(connection, waiting));
            warning.end();
            journal.worker().lookAt(waiting); // once it is committed: before, nobody sees what waits there
            if (sequenced > 0) {
                pollMillis = SHORTEST_POLL_MILLIS;
                journal.worker().wake();
            }
            return sequenced;
        } catch (SQLException | RuntimeException | Error e) {
            warning.warn(e);
            end.await(LONGEST_POLL_MILLIS, TimeUnit.MILLISECONDS);
            return 0;
        }
    }

    /** @param left gets the lanes of which somebody else decides what goes next */
    private int sequence(Connection connection, Set<Lane> left) throws SQLException {
        if (journal.inbox().isEmpty(connection) || !journal.database().tryLock(connection, "sequence")) {
            return 0;
        }
        List<InboxTable.Waiting> waiting = journal.inbox().take(connection, BATCH);
        Catalog catalog = journal.refresh(connection);
        List<New> events = new ArrayList<>();
        for (InboxTable.Waiting one : waiting) {
            New event = new New(one.event(), catalog.matching(one.event().name()));
            if (!event.wanting().isEmpty()) {
                events.add(event);
            }
        }
        Set<Lane> lanes = new HashSet<>();
        events.forEach(event -> lanes.addAll(EventTable.lanes(event)));
        Set<Lane> locked = journal.database().tryLockLanes(connection, lanes);
        for (EventTable.Taken taken : journal.events().insert(connection, events, locked)) {
            bury(connection, taken, waiting);
        }
        lanes.removeAll(locked);
        left.addAll(lanes);
        return waiting.size();
    }

    /** Its transaction is committed, so that nobody can be told any more: an operator is to see it. */
    private void bury(Connection connection, EventTable.Taken taken, List<InboxTable.Waiting> waiting)
            throws SQLException {
        StoredEvent event = taken.event().event();
        long number = waiting.stream()
                .filter(one -> one.event().equals(event))
                .mapToLong(InboxTable.Waiting::id)
                .findFirst()
                .orElseThrow();
        String error = "event " + event.name() + " was published with id " + event.eventId() + " and source "
                + event.source() + ", which another event has, " + taken.name()
                + ": publish it again with an id of its own";
        journal.events()
                .insertDead(
                        connection,
                        new New(
                                event.withId(event.eventId() + "#" + number),
                                taken.event().wanting()),
                        DeadReason.DUPLICATE_ID.name(),
                        error);
        Log.warn(error + "; its deliveries are dead");
    }
}
