package dev.convoke.journal.internal;

import dev.convoke.journal.internal.DeliveryTable.Claimed;
import dev.convoke.journal.internal.DeliveryTable.Parked;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chooses what this process makes next: never more than it has room for, and never what it is known not to be able to read.
 *
 * <p>Confined to the worker's thread, but for the counts of what runs, which are lowered by whoever ends a listener.
 */
final class WorkerClaims {
    static final int BATCH = 100;

    /** How often it looks for what others could not read, and for what may have crashed others. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Journal journal;
    private final DeliveryTable deliveries;
    private final Map<String, AtomicInteger> running = new HashMap<>();
    private final AtomicInteger transactions = new AtomicInteger();

    /** What runs in this session of what may have crashed others; those of a session that is over are others' to make. */
    private AtomicInteger suspects = new AtomicInteger();

    private String suspectsIn = "";
    private final Map<String, Floor> floors = new HashMap<>();

    /** What this process has failed to read, although it should be able to. */
    private final Map<Parked, Failing> failing = new HashMap<>();

    /** Written by whoever ends a listener, too. */
    private volatile long looksAt = System.nanoTime();

    /** Whose turn it is to be the first. */
    private int first;

    WorkerClaims(Journal journal) {
        this.journal = journal;
        this.deliveries = journal.deliveries();
    }

    private record Failing(long until, long pauseNanos) {}

    /** Everything that is due and that there is room for. */
    List<Due> claim(Connection connection) throws SQLException {
        Map<Claimed, Local> claimed = new LinkedHashMap<>();
        List<Local> locals = journal.listeners().local();
        for (int i = 0; i < locals.size(); i++) {
            Local local = locals.get((first + i) % locals.size());
            claim(connection, local, claimed);
        }
        first = locals.isEmpty() ? 0 : (first + 1) % locals.size();
        if (looksAt - System.nanoTime() <= 0) {
            claimSuspect(connection, claimed);
            claimParked(connection, claimed);
            looksAt = System.nanoTime() + LOOK_NANOS;
        }
        return claimed.isEmpty() ? List.of() : readable(connection, claimed);
    }

    /** There may be something that could not be made before. */
    void lookAgain() {
        looksAt = System.nanoTime();
    }

    private void claim(Connection connection, Local local, Map<Claimed, Local> claimed) throws SQLException {
        for (String id : local.ids(journal.catalog())) {
            int free = Math.min(BATCH, freeFor(local, claimed));
            if (free > 0 && local.listener().isReady()) {
                Floor floor = floors.computeIfAbsent(id, key -> new Floor());
                List<Claimed> found = deliveries.claim(connection, id, journal.session(), floor.dueAt(), free);
                floor.raise(found, found.size() == BATCH);
                found.forEach(delivery -> claimed.put(delivery, local));
            }
        }
    }

    /** One at a time in this process, so that those that were merely beside it when it crashed a process come through. */
    private void claimSuspect(Connection connection, Map<Claimed, Local> claimed) throws SQLException {
        if (!suspectsIn.equals(journal.session())) {
            suspectsIn = journal.session();
            suspects = new AtomicInteger();
        }
        if (suspects.get() > 0) {
            return;
        }
        for (Local local : journal.listeners().local()) {
            for (String id : local.ids(journal.catalog())) {
                if (freeFor(local, claimed) > 0 && local.listener().isReady()) {
                    List<Claimed> found = deliveries.claimSuspect(connection, id, journal.session());
                    if (!found.isEmpty()) {
                        claimed.put(found.get(0), local);
                        return;
                    }
                }
            }
        }
    }

    private void claimParked(Connection connection, Map<Claimed, Local> claimed) throws SQLException {
        for (Parked parked : deliveries.parked(connection)) {
            for (Local local : journal.listeners().local()) {
                boolean isIts = local.ids(journal.catalog()).contains(parked.listener());
                if (isIts && local.listener().isReady() && mayRead(local, parked)) {
                    int free = Math.min(failing.containsKey(parked) ? 1 : BATCH, freeFor(local, claimed));
                    if (free > 0) {
                        deliveries
                                .claimParked(connection, parked, journal.session(), free)
                                .forEach(delivery -> claimed.put(delivery, local));
                    }
                }
            }
        }
    }

    private boolean mayRead(Local local, Parked parked) {
        Failing known = failing.get(parked);
        return (known == null || known.until - System.nanoTime() <= 0)
                && Needs.of(parked.needs()).isMetBy(local, journal);
    }

    /** This process should be able to read such deliveries, and is not: it tries again after a while, and longer each time. */
    void failedToRead(Parked parked) {
        Failing known = failing.get(parked);
        long pause = known == null ? FIRST_PAUSE_NANOS : Math.min(known.pauseNanos * 2, LONGEST_PAUSE_NANOS);
        failing.put(parked, new Failing(System.nanoTime() + pause, pause));
    }

    /** Gives back those that this process cannot read, for another one. */
    private List<Due> readable(Connection connection, Map<Claimed, Local> claimed) throws SQLException {
        Map<Long, EventTable.Found> events = journal.events()
                .find(connection, claimed.keySet().stream().map(Claimed::event).toList());
        List<Due> due = new ArrayList<>();
        long now = System.nanoTime();
        for (Map.Entry<Claimed, Local> one : claimed.entrySet()) {
            Claimed delivery = one.getKey();
            EventTable.Found event = events.get(delivery.event());
            if (event == null) {
                throw new IllegalStateException("a delivery without its event: " + delivery);
            }
            Needs needs = Needs.of(event.event());
            if (needs.isMetBy(one.getValue(), journal)) {
                due.add(new Due(delivery, event.event(), one.getValue(), event.ageMillis(), now));
            } else {
                deliveries.park(
                        connection,
                        delivery,
                        needs.text(),
                        needs.reason(one.getValue(), journal).name(),
                        needs.whyNot(one.getValue(), journal));
            }
        }
        return due;
    }

    // ---- what runs ----

    private int freeFor(Local local, Map<Claimed, Local> claimed) {
        int most = Math.min(
                local.listener().options().concurrency(), journal.options().maxRunning());
        int free = most - runningOf(local).get() - count(claimed, local);
        if (!local.isTransactional()) {
            return free;
        }
        long alsoClaimed =
                claimed.values().stream().filter(Local::isTransactional).count();
        return Math.min(free, journal.maxTransactions() - transactions.get() - (int) alsoClaimed);
    }

    private static int count(Map<Claimed, Local> claimed, Local local) {
        return (int) claimed.values().stream().filter(local::equals).count();
    }

    private AtomicInteger runningOf(Local local) {
        return running.computeIfAbsent(local.name(), name -> new AtomicInteger());
    }

    /** A delivery starts; what is returned is called when its listener has ended. */
    Runnable started(Due due) {
        AtomicInteger count = runningOf(due.local());
        boolean isTransactional = due.local().isTransactional();
        boolean isSuspect = due.delivery().isSuspect();
        count.incrementAndGet();
        transactions.addAndGet(isTransactional ? 1 : 0);
        AtomicInteger suspectsNow = suspects;
        suspectsNow.addAndGet(isSuspect ? 1 : 0);
        return () -> {
            count.decrementAndGet();
            transactions.addAndGet(isTransactional ? -1 : 0);
            suspectsNow.addAndGet(isSuspect ? -1 : 0);
        };
    }
}
