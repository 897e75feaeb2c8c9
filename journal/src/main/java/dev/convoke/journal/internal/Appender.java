package dev.convoke.journal.internal;

import dev.convoke.event.Event;
import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.event.PublicationNotAcceptedException.Certainty;
import dev.convoke.event.Receipt;
import dev.convoke.spi.DurableListener;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Commits what is published, as much at a time as has come meanwhile, on a thread of its own.
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

    /** How often events are written again that had to give way to a transaction of a user's. */
    private static final int DEADLOCKS = 5;

    /** How long a publisher waits for room. */
    private static final long PATIENCE_SECONDS = 30;

    /** Once in this time others are told: the database makes transactions that tell wait for each other. */
    private static final long RING_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Journal journal;
    private final ArrayBlockingQueue<Entry> queue = new ArrayBlockingQueue<>(CAPACITY);
    private volatile boolean closed;

    /** Confined to the thread. */
    private long rungAt = System.nanoTime() - RING_NANOS;

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

    /** Commits the event in time. Waits for room; it throws nothing. */
    CompletableFuture<Receipt> append(Event<?> event) {
        try {
            return put(StoredEvent.of(event, journal.payloads()));
        } catch (IllegalArgumentException unwritable) {
            return CompletableFuture.failedFuture(new PublicationNotAcceptedException(
                    Certainty.REJECTED,
                    event.source(),
                    event.id(),
                    String.valueOf(unwritable.getMessage()),
                    unwritable));
        }
    }

    private CompletableFuture<Receipt> put(StoredEvent event) {
        Entry entry = new Entry(event, new CompletableFuture<>());
        String refusal = journal.refusal();
        if (refusal != null) {
            entry.refuse(Certainty.REJECTED, refusal, null);
        } else if (!offer(entry)) {
            entry.refuse(Certainty.REJECTED, "the journal cannot keep up: " + CAPACITY + " events wait for it", null);
        } else if (closed) {
            refuseLeft();
        }
        return entry.accepted;
    }

    private boolean offer(Entry entry) {
        try {
            return queue.offer(entry, PATIENCE_SECONDS, TimeUnit.SECONDS);
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
                commit(batch, DEADLOCKS);
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
            insert(batch);
            batch.forEach(Entry::accept);
            journal.worker().wake();
        } catch (CommitUnknownException e) {
            batch.forEach(entry -> entry.refuse(Certainty.UNKNOWN, "the reply to its commit was lost", e));
        } catch (SQLException e) {
            if (Dialect.isDeadlock(e) && retries > 0) {
                commit(batch, retries - 1);
            } else if (batch.size() == 1 || Dialect.isUnreachable(e)) {
                batch.forEach(
                        entry -> entry.refuse(Certainty.REJECTED, "the database refused it: " + e.getMessage(), e));
            } else {
                batch.forEach(entry ->
                        commit(List.of(entry), retries)); // one of them is to blame, and the others are not to suffer
            }
        }
    }

    private void insert(List<Entry> batch) throws SQLException {
        long now = System.nanoTime();
        boolean rings = now - rungAt > RING_NANOS;
        journal.database().briefly(connection -> {
            insert(connection, batch.stream().map(Entry::event).toList());
            if (rings) {
                journal.database().dialect().ring(connection, journal.session());
            }
        });
        rungAt = rings ? now : rungAt;
    }

    /** Writes events in somebody's transaction. */
    void insert(Connection connection, List<StoredEvent> events) throws SQLException {
        journal.database().dialect().keep(connection);
        Catalog known = journal.catalog();
        List<EventTable.New> rows = rows(events, known);
        lock(connection, rows);
        Catalog now = known.current(connection);
        if (now != known) {
            rows = rows(events, now);
            lock(connection, rows);
        }
        if (!rows.isEmpty()) {
            journal.events().insert(connection, rows);
        }
    }

    private void lock(Connection connection, List<EventTable.New> rows) throws SQLException {
        Set<Lane> lanes = new HashSet<>();
        rows.forEach(row -> lanes.addAll(EventTable.lanes(row)));
        journal.database().dialect().lockLanes(connection, lanes);
    }

    /** Those that anybody wants. */
    private List<EventTable.New> rows(List<StoredEvent> events, Catalog catalog) throws SQLException {
        List<EventTable.New> rows = new ArrayList<>();
        for (StoredEvent event : events) {
            List<Catalog.Row> listeners = catalog.matching(event.name());
            requireKept(event, listeners, catalog);
            if (!listeners.isEmpty()) {
                rows.add(new EventTable.New(event, listeners));
            }
        }
        return rows;
    }

    /** A listener here would be said to have accepted it; another process may have given its name to something else. */
    private void requireKept(StoredEvent event, List<Catalog.Row> listeners, Catalog catalog) throws SQLException {
        for (DurableListener listener : journal.listeners()) {
            if (isFor(listener, event)) {
                Catalog.Row row = catalog.find(listener.id());
                boolean isKept = row == null ? !listeners.isEmpty() : listeners.contains(row);
                if (!isKept) {
                    throw new SQLException("events " + event.name() + " are not kept for listener " + listener.id()
                            + " any more: another process has subscribed it to something else"
                            + (row == null ? "" : ", " + row.selector()));
                }
            }
        }
    }

    private static boolean isFor(DurableListener listener, StoredEvent event) {
        return listener.type() == null
                ? Pattern.matches(listener.subscribedTo(), event.name())
                : listener.subscribedTo().equals(event.name());
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
