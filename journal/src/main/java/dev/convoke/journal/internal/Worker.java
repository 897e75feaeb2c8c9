package dev.convoke.journal.internal;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.journal.DeadReason;
import dev.convoke.journal.internal.DeliveryTable.Claim;
import dev.convoke.journal.internal.DeliveryTable.Claimed;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.spi.DurableListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Claims deliveries for the listeners of this process, hands them to the coordinator, and writes down how they ended: all of
 * that in one transaction at a time, on a thread of its own. It never runs a listener.
 */
final class Worker implements Runnable {
    /*
     * Concurrency
     * -----------
     * Maps and sets are confined to the thread, but for the counts of what runs: they are raised by the thread, and lowered
     * by whoever ends a listener, before it puts the result into `ended`. `signal` has a permit where there is something to
     * look at: who brings something puts it there first.
     */
    private static final int BATCH = 100;
    private static final long SHORTEST_POLL_MILLIS = 50;
    private static final long LONGEST_POLL_MILLIS = 1_000;

    /** After what time a lane is tried again that somebody was putting something into. */
    private static final long LANE_MILLIS = 20;

    /** After what time a delivery is tried again that the coordinator had no room for. */
    private static final long OVERLOADED_MILLIS = 1_000;

    private static final int LONGEST_ERROR = 4_000;

    private final Journal journal;
    private final DeliveryTable deliveries;
    private final ConcurrentLinkedQueue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Lane> stuck = new ConcurrentLinkedQueue<>();
    private final Semaphore signal = new Semaphore(0);
    private final CountDownLatch end = new CountDownLatch(1);
    private final Map<String, AtomicInteger> running = new HashMap<>();
    private final Map<String, Floor> floors = new HashMap<>();

    /** Lanes that have lost their first, and of which nobody has let the next one go so far. */
    private final Set<Lane> unpromoted = new HashSet<>();

    /** Deliveries that this turn has given up. */
    private final List<Ended> dead = new ArrayList<>();

    /** Those of this turn. */
    private final Set<Lane> left = new HashSet<>();

    /** What this process has claimed, and of which it is not written down how it ended. */
    private final Set<Claim> held = new HashSet<>();

    /** Whether it may have claimed more: the reply to a commit was lost. */
    private boolean mayHoldMore;

    private long pollMillis = SHORTEST_POLL_MILLIS;
    private volatile boolean claiming = true;
    private volatile boolean closed;

    /** How many results belonged to an epoch that was over. */
    private final AtomicLong stale = new AtomicLong();

    Worker(Journal journal) {
        this.journal = journal;
        this.deliveries = new DeliveryTable(journal.database().dialect());
    }

    /**
     * A delivery that a listener has ended, and how; what a user's code says of that is asked before it is here.
     *
     * @param error what it failed with, in words
     */
    private record Ended(
            Claimed delivery,
            DurableListener listener,
            @Nullable Event<?> event,
            DeliveryResult result,
            boolean isRetried,
            String error,
            Fence fence) {
        @Nullable Lane lane() {
            return delivery.inLane();
        }
    }

    /** A delivery that is to be made. */
    private record Due(Claimed delivery, StoredEvent event, DurableListener listener) {}

    /** There is something to look at. */
    void wake() {
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    long staleResults() {
        return stale.get();
    }

    void stopClaiming() {
        claiming = false;
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
                if (Thread.interrupted() && closed) { // where not, a listener has left it that ran on this thread
                    return;
                }
            } catch (InterruptedException e) {
                return;
            } catch (Throwable e) {
                Log.warn("deliveries could not be claimed or ended; it is tried again", e);
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
            ended.addAll(batch); // all of it is fenced: to write it down twice changes nothing
            mayHoldMore = true;
            throw e;
        }
        mayHoldMore = false;
        batch.forEach(one -> held.remove(one.delivery.claim()));
        unpromoted.clear();
        unpromoted.addAll(left);
        due.forEach(this::start);
        dead.forEach(Worker::tellOfDead);
        if (due.size() >= BATCH || !ended.isEmpty()) {
            wake();
        }
        journal.settling().look();
    }

    private List<Ended> takeEnded() {
        List<Ended> batch = new ArrayList<>();
        for (Ended one = ended.poll(); one != null; one = ended.poll()) {
            batch.add(one);
            if (batch.size() == BATCH * 10) {
                break;
            }
        }
        return batch;
    }

    private List<Due> turn(Connection connection, List<Ended> batch) throws SQLException {
        dead.clear();
        journal.refresh(connection);
        giveBackUnknown(connection);
        Set<Lane> lanes = new HashSet<>(unpromoted);
        lanes.addAll(stuck);
        writeDown(connection, batch, lanes);
        Set<Lane> promoted = promote(connection, lanes);
        List<Due> due = claiming ? claim(connection) : List.of();
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

    private void writeDown(Connection connection, List<Ended> batch, Set<Lane> lanes) throws SQLException {
        List<Claimed> done = new ArrayList<>();
        for (Ended one : batch) {
            boolean leaves = writeDown(connection, one, done);
            Lane lane = one.lane();
            if (leaves && lane != null) {
                lanes.add(lane);
            }
        }
        stale.addAndGet(deliveries.done(connection, done));
    }

    /** Says whether the lane goes on. */
    private boolean writeDown(Connection connection, Ended one, List<Claimed> done) throws SQLException {
        DeliveryResult result = one.result;
        if (one.fence.isCommitted()) {
            return true; // its listener has written that down itself, whatever came after
        }
        if (result instanceof DeliveryResult.Succeeded || isFiltered(result)) {
            done.add(one.delivery);
            return true;
        }
        boolean wasStopped = !claiming && !(result instanceof DeliveryResult.Failed);
        if (wasStopped || result instanceof DeliveryResult.Skipped || result instanceof DeliveryResult.Rejected) {
            long delay = result instanceof DeliveryResult.Rejected ? OVERLOADED_MILLIS : 0;
            return isOver(deliveries.again(connection, one.delivery, delay, false, one.error));
        }
        return failed(connection, one);
    }

    private static boolean isFiltered(DeliveryResult result) {
        return result instanceof DeliveryResult.Skipped skipped && skipped.reason() == DeliveryResult.Reason.FILTERED;
    }

    private boolean failed(Connection connection, Ended one) throws SQLException {
        if (one.result.failure().orElse(null) instanceof UnreadableException unreadable) {
            bury(connection, one, unreadable.reason(), false);
            return true;
        }
        if (one.isRetried) {
            long delay = one.listener
                    .options()
                    .retry()
                    .delayBefore(one.delivery.attempts() + 2)
                    .toMillis();
            wakeIn(delay);
            return isOver(deliveries.again(connection, one.delivery, delay, true, one.error));
        }
        bury(connection, one, DeadReason.FAILED, true);
        return true;
    }

    private void bury(Connection connection, Ended one, DeadReason reason, boolean counts) throws SQLException {
        if (!isOver(deliveries.dead(connection, one.delivery, reason.name(), counts, one.error))) {
            dead.add(one);
        }
    }

    /** After that is committed. */
    private static void tellOfDead(Ended one) {
        Throwable cause = one.result.failure().orElseThrow();
        if (one.event == null) {
            Log.warn("a delivery to " + one.listener.id() + " is dead: " + one.error, cause);
        } else {
            one.listener.died(one.event, one.delivery.attempts() + 1, cause);
        }
    }

    /** Whether the result came too late, for an epoch that was over: somebody else has the delivery, or it is done. */
    private boolean isOver(boolean wasThisEpochs) {
        if (!wasThisEpochs) {
            stale.incrementAndGet();
        }
        return !wasThisEpochs;
    }

    private void wakeIn(long millis) {
        pollMillis = Math.max(1, Math.min(pollMillis, millis));
    }

    private Set<Lane> promote(Connection connection, Set<Lane> lanes) throws SQLException {
        if (lanes.isEmpty()) {
            return Set.of();
        }
        Set<Lane> ours = journal.database().dialect().tryLockLanes(connection, lanes);
        for (Lane lane : ours) {
            deliveries.promote(connection, lane);
        }
        return ours;
    }

    // ---- claiming and starting ----

    private List<Due> claim(Connection connection) throws SQLException {
        Map<Claimed, DurableListener> claimed = new LinkedHashMap<>();
        for (DurableListener listener : journal.listeners()) {
            int free = Math.min(BATCH, freeFor(listener));
            if (free > 0 && listener.isReady()) {
                claim(connection, listener, free).forEach(delivery -> claimed.put(delivery, listener));
            }
        }
        return claimed.isEmpty() ? List.of() : due(connection, claimed);
    }

    private List<Claimed> claim(Connection connection, DurableListener listener, int atMost) throws SQLException {
        Floor floor = floors.computeIfAbsent(listener.id(), id -> new Floor());
        List<Claimed> claimed = deliveries.claim(connection, listener.id(), journal.session(), floor.dueAt(), atMost);
        floor.raise(claimed, claimed.size() == BATCH);
        return claimed;
    }

    private List<Due> due(Connection connection, Map<Claimed, DurableListener> claimed) throws SQLException {
        Map<Long, StoredEvent> events = journal.events()
                .find(connection, claimed.keySet().stream().map(Claimed::event).toList());
        List<Due> due = new ArrayList<>();
        claimed.forEach((delivery, listener) -> {
            StoredEvent event = events.get(delivery.event());
            if (event == null) {
                throw new IllegalStateException("a delivery without its event: " + delivery);
            }
            due.add(new Due(delivery, event, listener));
        });
        return due;
    }

    private int freeFor(DurableListener listener) {
        int most = Math.min(listener.options().concurrency(), journal.options().maxRunning());
        return most - runningOf(listener).get();
    }

    private AtomicInteger runningOf(DurableListener listener) {
        return running.computeIfAbsent(listener.id(), id -> new AtomicInteger());
    }

    private void start(Due due) {
        held.add(due.delivery.claim());
        AtomicInteger count = runningOf(due.listener);
        count.incrementAndGet();
        Fence fence = new Fence(journal.database(), due.delivery);
        try {
            Event<?> event = read(due);
            due.listener
                    .deliver(event, due.delivery.attempts() + 1, fence)
                    .whenComplete(
                            (result, bug) -> end(due, event, result == null ? failed(due, bug) : result, count, fence));
        } catch (Throwable e) { // nothing that one of them does keeps the others from starting
            end(due, null, failed(due, e), count, fence);
        }
    }

    private Event<?> read(Due due) throws UnreadableException {
        EventType<?> own = due.listener.type();
        EventType<?> type = own == null ? journal.payloads().typeOf(due.event.name()) : own;
        if (type == null) {
            throw new UnreadableException(
                    DeadReason.UNKNOWN_TYPE, "no type of event " + due.event.name() + " is known here", null);
        }
        try {
            return due.event.read(type, journal.payloads());
        } catch (RuntimeException | Error e) {
            throw new UnreadableException(DeadReason.UNREADABLE, e.toString(), e);
        }
    }

    private static DeliveryResult failed(Due due, Throwable why) {
        return new DeliveryResult.Failed(due.listener.id(), Duration.ZERO, due.delivery.attempts(), why);
    }

    private void end(Due due, @Nullable Event<?> event, DeliveryResult result, AtomicInteger count, Fence fence) {
        boolean isRetried = result.isFailure() && isRetried(due, result);
        count.decrementAndGet();
        ended.add(new Ended(due.delivery, due.listener, event, result, isRetried, error(result), fence));
        wake();
    }

    private static boolean isRetried(Due due, DeliveryResult result) {
        RetryPolicy policy = due.listener.options().retry();
        try {
            return due.delivery.attempts() + 1 < policy.attempts()
                    && policy.isRetryable(result.failure().orElseThrow());
        } catch (Throwable e) {
            Log.warn("the retry policy of " + due.listener.id() + " failed: there is no other attempt", e);
            return false;
        }
    }

    private static String error(DeliveryResult result) {
        String error;
        try {
            error = result.failure().map(String::valueOf).orElseGet(result::toString);
        } catch (Throwable e) { // of a user's exception, which cannot say what it is
            error = result.failure()
                    .map(failure -> failure.getClass().getName())
                    .orElse("");
        }
        return error.replace('\0', ' ').substring(0, Math.min(error.length(), LONGEST_ERROR));
    }

    /** These lanes may lack somebody who lets their first go. */
    void lookAt(List<Lane> lanes) {
        stuck.addAll(lanes);
        wake();
    }
}
