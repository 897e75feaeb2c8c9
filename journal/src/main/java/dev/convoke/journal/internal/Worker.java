package dev.convoke.journal.internal;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.journal.DeadReason;
import dev.convoke.journal.internal.DeliveryTable.Claim;
import dev.convoke.journal.internal.DeliveryTable.Claimed;
import dev.convoke.listener.RetryPolicy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Claims deliveries for the listeners of this process, hands them to the coordinator, and writes down how they ended: all of
 * that in one transaction at a time, on a thread of its own. It never runs a listener.
 */
final class Worker implements Runnable {
    /*
     * Concurrency
     * -----------
     * What is not final is confined to the thread, but for the flags and queues. `signal` has a permit where there is something
     * to look at: who brings something puts it there first. `unwritten` counts what was claimed and is not written down.
     */
    private static final long SHORTEST_POLL_MILLIS = 50;
    private static final long LONGEST_POLL_MILLIS = 1_000;

    /** After what time a lane is tried again that somebody else had locked. */
    private static final long LANE_MILLIS = 20;

    private static final int LONGEST_ERROR = 4_000;

    private final Journal journal;
    private final DeliveryTable deliveries;
    private final WorkerClaims claims;
    private final WorkerResults results;
    private final ConcurrentLinkedQueue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Lane> stuck = new ConcurrentLinkedQueue<>();
    private final Semaphore signal = new Semaphore(0);
    private final RepeatedWarning warning =
            new RepeatedWarning("deliveries could not be claimed or ended; it is tried again within a second");
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger unwritten = new AtomicInteger();

    /** Lanes that have lost their first, and of which nobody has let the next one go so far. */
    private final Set<Lane> unpromoted = new HashSet<>();

    /** Those of this turn. */
    private final Set<Lane> left = new HashSet<>();

    /** What this process has claimed, and of which it is not written down how it ended. */
    private final Set<Claim> held = new HashSet<>();

    /** Whether it may have claimed more: the reply to a commit was lost. */
    private boolean mayHoldMore;

    private long pollMillis = SHORTEST_POLL_MILLIS;
    private volatile boolean claiming = true;
    private volatile boolean closed;

    Worker(Journal journal) {
        this.journal = journal;
        this.deliveries = journal.deliveries();
        this.claims = new WorkerClaims(journal);
        this.results = new WorkerResults(journal, claims);
    }

    /** There is something to look at. */
    void wake() {
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    /** These lanes may lack somebody who lets their first go. */
    void lookAt(Collection<Lane> lanes) {
        if (!lanes.isEmpty()) {
            stuck.addAll(lanes);
            wake();
        }
    }

    long staleResults() {
        return results.stale();
    }

    void stopClaiming() {
        claiming = false;
    }

    /** Whether nothing is claimed of which it is not written down how it ended. */
    boolean isIdle() {
        return unwritten.get() == 0;
    }

    /** Ends the thread as soon as everything that has ended is written down. */
    void close() {
        claiming = false;
        closed = true;
        end.countDown();
        wake();
    }

    @Override
    public void run() {
        while (!closed || !ended.isEmpty()) {
            try {
                pause();
                turn();
                warning.end();
                if (Thread.interrupted() && closed) { // where not, a listener has left it that ran on this thread
                    return;
                }
            } catch (InterruptedException e) {
                return;
            } catch (Throwable e) {
                warning.warn(e);
                if (closed || !isWorthAnother()) {
                    return; // what is not written down is found out by who comes next
                }
            }
        }
    }

    /** After a while: the database may be away. */
    private boolean isWorthAnother() {
        try {
            return !end.await(LONGEST_POLL_MILLIS, TimeUnit.MILLISECONDS) || !ended.isEmpty();
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void pause() throws InterruptedException {
        if (ended.isEmpty()) {
            boolean woken = signal.tryAcquire(unpromoted.isEmpty() ? pollMillis : LANE_MILLIS, TimeUnit.MILLISECONDS);
            pollMillis = woken ? SHORTEST_POLL_MILLIS : Math.min(pollMillis * 2, LONGEST_POLL_MILLIS);
        }
        signal.drainPermits();
    }

    // ---- one turn ----

    private void turn() throws SQLException {
        List<Ended> batch = takeEnded();
        List<Due> due;
        try {
            due = journal.database().brief(connection -> turn(connection, batch));
        } catch (Throwable e) {
            batch.forEach(one -> one.mayBeWritten |= e instanceof CommitUnknownException);
            ended.addAll(batch); // all of it is fenced: to write it down twice changes nothing
            mayHoldMore = true;
            throw e;
        }
        mayHoldMore = false;
        batch.forEach(one -> held.remove(one.delivery.claim()));
        unwritten.addAndGet(-batch.size());
        unpromoted.clear();
        unpromoted.addAll(left);
        pollMillis = Math.max(1, Math.min(pollMillis, results.takeNextDue()));
        due.forEach(this::start);
        results.tell();
        if (due.size() >= WorkerClaims.BATCH || !ended.isEmpty()) {
            wake();
        }
        journal.settling().look();
    }

    private List<Ended> takeEnded() {
        List<Ended> batch = new ArrayList<>();
        for (Ended one = ended.poll(); one != null; one = ended.poll()) {
            batch.add(one);
            if (batch.size() == WorkerClaims.BATCH * 10) {
                break;
            }
        }
        return batch;
    }

    private List<Due> turn(Connection connection, List<Ended> batch) throws SQLException {
        journal.refresh(connection);
        giveBackUnknown(connection);
        Set<Lane> lanes = new HashSet<>(unpromoted);
        lanes.addAll(stuck);
        results.write(connection, batch, !claiming, lanes);
        Set<Lane> promoted = promote(connection, lanes);
        List<Due> due = claiming && journal.isFresh() ? claims.claim(connection) : List.of();
        stuck.removeAll(lanes);
        unpromoted.addAll(lanes); // where this transaction fails, they are looked at again, too
        left.clear();
        left.addAll(lanes);
        left.removeAll(promoted);
        return due;
    }

    /** What was claimed by a transaction of which it was not known that it was committed: nobody would ever make it. */
    private void giveBackUnknown(Connection connection) throws SQLException {
        if (mayHoldMore) {
            for (Claimed delivery : deliveries.running(connection, journal.session())) {
                if (!held.contains(delivery.claim())) {
                    deliveries.again(connection, delivery, 0, false, "the reply to its claim was lost");
                }
            }
        }
    }

    private Set<Lane> promote(Connection connection, Set<Lane> lanes) throws SQLException {
        Set<Lane> ours = journal.database().tryLockLanes(connection, lanes);
        for (Lane lane : ours) {
            deliveries.promote(connection, lane);
        }
        return ours;
    }

    // ---- starting ----

    private void start(Due due) {
        held.add(due.delivery().claim());
        unwritten.incrementAndGet();
        Runnable left = claims.started(due);
        boolean isOld = isOld(due);
        Fence fence = new Fence(journal, due, isOld);
        try {
            Event<?> event = read(due);
            due.local()
                    .listener()
                    .deliver(event, journal.idempotencyKey(due), due.delivery().attempts() + 1, fence)
                    .whenComplete((result, bug) ->
                            end(due, event, result == null ? failed(due, bug) : result, left, fence, isOld));
        } catch (Throwable e) { // nothing that one of them does keeps the others from starting
            end(due, null, failed(due, e), left, fence, isOld);
        }
    }

    /** Whether its event is to be remembered from the end of this delivery on, and not from when it was stored. */
    private boolean isOld(Due due) {
        long age = due.ageMillis() + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - due.claimedAt());
        return age > journal.rememberedMillis();
    }

    private Event<?> read(Due due) throws UnreadableException {
        EventType<?> type = Needs.of(due.event()).typeFor(due.local(), journal);
        if (type == null) {
            throw new UnreadableException(
                    DeadReason.UNKNOWN_TYPE, "no type of event " + due.event().name() + " is known here", null);
        }
        try {
            return due.event().read(type, journal.payloads());
        } catch (RuntimeException | Error e) {
            throw new UnreadableException(DeadReason.UNREADABLE, e.toString(), e);
        }
    }

    private static DeliveryResult failed(Due due, Throwable why) {
        return new DeliveryResult.Failed(
                due.local().name(), Duration.ZERO, due.delivery().attempts(), why);
    }

    private void end(
            Due due, @Nullable Event<?> event, DeliveryResult result, Runnable left, Fence fence, boolean wasOld) {
        boolean isRetried = result.isFailure() && isRetried(due, result);
        left.run();
        ended.add(new Ended(due, event, result, isRetried, error(result), fence, wasOld || isOld(due)));
        if (due.delivery().isSuspect()) {
            claims.lookAgain();
        }
        wake();
    }

    private static boolean isRetried(Due due, DeliveryResult result) {
        RetryPolicy policy = due.local().listener().options().retry();
        try {
            return due.delivery().attempts() + 1 < policy.attempts()
                    && policy.isRetryable(result.failure().orElseThrow());
        } catch (Throwable e) {
            Log.warn("the retry policy of " + due.local().name() + " failed: there is no other attempt", e);
            return false;
        }
    }

    private static String error(DeliveryResult result) {
        String error = result.failure().map(Log::said).orElseGet(() -> Log.said(result));
        return error.replace('\0', ' ').substring(0, Math.min(error.length(), LONGEST_ERROR));
    }
}
