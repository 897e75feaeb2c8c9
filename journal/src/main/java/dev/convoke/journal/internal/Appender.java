package dev.convoke.journal.internal;

import dev.convoke.event.Event;
import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.event.PublicationNotAcceptedException.Certainty;
import dev.convoke.event.Receipt;
import dev.convoke.journal.internal.EventTable.New;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Commits what is published, as much at a time as has come meanwhile, on a thread of its own. It waits for no transaction of the
 * application's.
 *
 * <p>Thread-safe.
 */
final class Appender implements Runnable {
    /*
     * Concurrency
     * -----------
     * An entry's future is completed by whoever takes it out of the queue: the thread, or at the end `close`. `closed` is
     * written before the queue is emptied the last time, and read after an entry was put: one of the two sees the other.
     */
    private static final int CAPACITY = 4_096;
    private static final int BATCH = 256;

    /** How often events are written again that had to give way to another transaction of the journal's own. */
    private static final int RETRIES = 5;

    /** Once in this time others are told: the database makes transactions that tell wait for each other. */
    private static final long RING_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Journal journal;
    private final ArrayBlockingQueue<Entry> queue = new ArrayBlockingQueue<>(CAPACITY);
    private volatile boolean closed;

    /** Lanes of which somebody else decided what goes next when the last events were written. Confined to the thread. */
    private final Set<Lane> left = new HashSet<>();

    /** Likewise. */
    private long rungAt = System.nanoTime() - RING_NANOS;

    /** Nothing is being written; what is known of the listeners may be said to be known. */
    private static final long IDLE = Long.MAX_VALUE;

    /** The listeners of which generation are being written for; {@link #IDLE} where nothing is written. */
    private volatile long writing = IDLE;

    Appender(Journal journal) {
        this.journal = journal;
    }

    /** Something to be committed, and who waits for that. */
    private record Entry(StoredEvent event, CompletableFuture<Receipt> accepted) {
        void accept() {
            accepted.complete(new Receipt(URI.create(event.source()), event.eventId()));
        }

        void refuse(Certainty certainty, String why, @Nullable Throwable cause) {
            accepted.completeExceptionally(refusal(event, certainty, why, cause));
        }
    }

    private static PublicationNotAcceptedException refusal(
            StoredEvent event, Certainty certainty, String why, @Nullable Throwable cause) {
        return new PublicationNotAcceptedException(certainty, URI.create(event.source()), event.eventId(), why, cause);
    }

    /** The listeners of which generation may be missed by what is being written; a higher number where nothing is. */
    long writing() {
        return writing;
    }

    /** Commits the event in time. Waits for room at most so long; it throws nothing. */
    CompletableFuture<Receipt> append(Event<?> event, Duration maxWait) {
        try {
            return put(StoredEvent.of(event, journal.payloads()), maxWait);
        } catch (IllegalArgumentException unwritable) {
            return CompletableFuture.failedFuture(new PublicationNotAcceptedException(
                    Certainty.REJECTED,
                    event.source(),
                    event.id(),
                    String.valueOf(unwritable.getMessage()),
                    unwritable));
        }
    }

    private CompletableFuture<Receipt> put(StoredEvent event, Duration maxWait) {
        Entry entry = new Entry(event, new CompletableFuture<>());
        String refusal = journal.refusal();
        if (refusal != null) {
            entry.refuse(Certainty.REJECTED, refusal, null);
        } else if (!offer(entry, maxWait)) {
            entry.refuse(Certainty.REJECTED, "the journal cannot keep up: " + CAPACITY + " events wait for it", null);
        } else if (closed) {
            refuseLeft();
        }
        return entry.accepted;
    }

    private boolean offer(Entry entry, Duration maxWait) {
        try {
            return queue.offer(entry) || queue.offer(entry, maxWait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return queue.offer(entry);
        }
    }

    @Override
    public void run() {
        List<Entry> batch = new ArrayList<>(BATCH);
        while (takeInto(batch)) {
            try {
                commit(batch, RETRIES);
            } catch (Throwable e) { // of the driver's, or a bug of ours: nobody is to wait for ever
                Log.warn("events could not be committed", e);
                batch.forEach(entry -> entry.refuse(Certainty.UNKNOWN, "committing it failed", e));
            }
            batch.clear();
        }
        refuseLeft();
    }

    private boolean takeInto(List<Entry> batch) {
        try {
            Entry first = null;
            while (first == null) {
                first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == null && closed) {
                    return false;
                }
            }
            batch.add(first);
            queue.drainTo(batch, BATCH - 1);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void commit(List<Entry> batch, int retries) {
        try {
            IdentityHashMap<StoredEvent, String> refused = insert(batch);
            for (Entry entry : batch) {
                String why = refused.get(entry.event);
                if (why == null) {
                    entry.accept();
                } else {
                    entry.refuse(Certainty.REJECTED, why, null);
                }
            }
            journal.worker().wake();
        } catch (CommitUnknownException e) {
            batch.forEach(entry -> entry.refuse(Certainty.UNKNOWN, "the reply to its commit was lost", e));
        } catch (SQLException e) {
            if (Dialect.isPassing(e) && retries > 0) {
                commit(batch, retries - 1);
            } else if (batch.size() == 1 || Dialect.isUnreachable(e) || e instanceof NoConnectionException) {
                batch.forEach(
                        entry -> entry.refuse(Certainty.REJECTED, "the database refused it: " + e.getMessage(), e));
            } else {
                batch.forEach(entry ->
                        commit(List.of(entry), retries)); // one of them is to blame, and the others are not to suffer
            }
        }
    }

    /** Commits the events, and says which were refused, and why. */
    private IdentityHashMap<StoredEvent, String> insert(List<Entry> batch) throws SQLException {
        long now = System.nanoTime();
        boolean rings = now - rungAt > RING_NANOS;
        left.clear();
        writing = Long.MIN_VALUE; // before it is looked who listens: see Journal.knownGeneration
        try {
            IdentityHashMap<StoredEvent, String> refused = journal.database().brief(connection -> {
                IdentityHashMap<StoredEvent, String> taken =
                        insert(connection, batch.stream().map(Entry::event).toList());
                if (rings) {
                    journal.database().dialect().ring(connection, journal.session());
                }
                return taken;
            });
            rungAt = rings ? now : rungAt;
            journal.worker().lookAt(left); // once it is committed: before, nobody sees what waits there
            return refused;
        } finally {
            writing = IDLE;
        }
    }

    private IdentityHashMap<StoredEvent, String> insert(Connection connection, List<StoredEvent> events)
            throws SQLException {
        List<Local> locals =
                List.copyOf(journal.listeners().local()); // before it is looked who listens: those are among them
        Catalog catalog = journal.refresh(connection);
        writing = catalog.generation();
        IdentityHashMap<StoredEvent, String> refused = new IdentityHashMap<>();
        List<New> wanted = new ArrayList<>();
        for (StoredEvent event : events) {
            New one = new New(event, catalog.matching(event.name()));
            requireKept(one, locals, catalog);
            if (!one.wanting().isEmpty()) {
                wanted.add(one);
            }
        }
        Set<String> behind = journal.inbox().waitingKeys(connection, orderedKeys(wanted));
        List<New> direct = new ArrayList<>();
        List<StoredEvent> inOrder = new ArrayList<>();
        for (New one : wanted) {
            if (isOrdered(one) && behind.contains(Lane.keyOf(one.event().key()))) {
                otherOf(connection, one.event())
                        .ifPresentOrElse(
                                other -> refused.put(one.event(), taken(one.event(), other)),
                                () -> inOrder.add(one.event()));
            } else {
                direct.add(one);
            }
        }
        journal.inbox().put(connection, inOrder);
        journal.sequencer().wake();
        insertDirect(connection, direct)
                .forEach(taken ->
                        refused.put(taken.event().event(), taken(taken.event().event(), taken.name())));
        return refused;
    }

    private List<EventTable.Taken> insertDirect(Connection connection, List<New> events) throws SQLException {
        Set<Lane> lanes = new HashSet<>();
        events.forEach(event -> lanes.addAll(EventTable.lanes(event)));
        Set<Lane> locked = journal.database().tryLockLanes(connection, lanes);
        List<EventTable.Taken> taken =
                events.isEmpty() ? List.of() : journal.events().insert(connection, events, locked);
        lanes.removeAll(locked);
        left.addAll(lanes);
        return taken;
    }

    private Optional<String> otherOf(Connection connection, StoredEvent event) throws SQLException {
        Optional<String> stored = journal.events().otherOf(connection, "convoke_event", event);
        return stored.isPresent() ? stored : journal.events().otherOf(connection, "convoke_inbox", event);
    }

    private static String taken(StoredEvent event, String other) {
        return "another event has the id " + event.eventId() + " and source " + event.source() + ": it is " + other
                + ", and this one is " + event.name()
                + (other.equals(event.name()) ? " with another payload or key" : "")
                + "; give each event an id of its own";
    }

    private static boolean isOrdered(New event) {
        return event.wanting().stream().anyMatch(Catalog.Wanting::ordered);
    }

    private static List<String> orderedKeys(List<New> events) {
        return events.stream()
                .filter(Appender::isOrdered)
                .map(event -> Lane.keyOf(event.event().key()))
                .distinct()
                .toList();
    }

    /** A listener here would be said to have accepted it. */
    private static void requireKept(New event, List<Local> locals, Catalog catalog) throws SQLException {
        for (Local local : locals) {
            Stream<String> wanting = event.wanting().stream().map(Catalog.Wanting::listener);
            if (local.isFor(event.event().name(), catalog) && wanting.noneMatch(local.id(catalog)::equals)) {
                throw new SQLException("events " + event.event().name() + " are not kept for listener " + local.name()
                        + " any more: an operator has removed it, or this process was taken for dead");
            }
        }
    }

    /** Commits what has come, and takes nothing any more. */
    void close() {
        closed = true;
    }

    private void refuseLeft() {
        for (Entry entry = queue.poll(); entry != null; entry = queue.poll()) {
            entry.refuse(Certainty.REJECTED, "the journal is closed", null);
        }
    }
}
