package dev.convoke.journal.internal;

import dev.convoke.journal.DeadDelivery;
import dev.convoke.journal.DeadGroup;
import dev.convoke.journal.DeadSelection;
import dev.convoke.journal.EventStatus.State;
import dev.convoke.journal.JournalException;
import dev.convoke.journal.RetryReport;
import dev.convoke.journal.internal.DeadTable.Retried;
import dev.convoke.journal.internal.DeadTable.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * What an operator does with dead deliveries; what is changed is logged. Many are changed some hundred at a time, each time in a
 * transaction of its own, so that nobody waits for long.
 *
 * <p>Thread-safe.
 */
public final class DeadLetters {
    /** After what time it goes on when the database was away. */
    private static final long AGAIN_MILLIS = 1_000;

    /** How many are changed in one transaction. */
    private static final int CHUNK = 500;

    private final Database database;
    private final Worker worker;
    private final DeadTable table;

    /** Lets redrives go on, one step of one at a time; its thread ends when there are none. */
    private final ScheduledThreadPoolExecutor thread;

    private final Set<Redrive> redrives = ConcurrentHashMap.newKeySet();

    DeadLetters(Database database, Worker worker, ThreadFactory threads) {
        this.database = database;
        this.worker = worker;
        this.table = new DeadTable(database);
        this.thread = new ScheduledThreadPoolExecutor(1, threads);
        thread.setKeepAliveTime(1, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
    }

    // ---- what there is ----

    /** Dead or discarded deliveries, the oldest first. */
    public List<DeadDelivery> list(DeadSelection selection, State state, int atMost) {
        return database.ask(
                "dead deliveries cannot be read", connection -> table.list(connection, selection, state, atMost));
    }

    /** Dead deliveries by cause. */
    public List<DeadGroup> groups(int atMost) {
        return database.ask("dead deliveries cannot be read", connection -> table.groups(connection, atMost));
    }

    // ---- what is changed ----

    /** Tries dead deliveries again, so long apart. */
    public int retry(DeadSelection selection, Duration pause, int atMost) {
        long pauseMillis = pause.toMillis();
        long dueAt = database.ask("dead deliveries cannot be tried again", table::now);
        int retried = inChunks(
                "dead deliveries cannot be tried again",
                selection,
                State.DEAD,
                Math.min(CHUNK, Dialect.MOST_LOCKS), // so that each of their lanes can be locked
                atMost,
                (connection, rows, before) -> table.retry(connection, rows, dueAt + before * pauseMillis, pauseMillis));
        Log.info(retried + " dead deliveries are tried again: " + selection);
        return retried;
    }

    /** DEAD → DISCARDED, or back. */
    public int move(DeadSelection selection, State from, State to) {
        int moved = inChunks(
                "dead deliveries cannot be " + to,
                selection,
                from,
                CHUNK,
                Integer.MAX_VALUE,
                (connection, rows, before) -> new Retried(table.move(connection, rows, from, to), Set.of()));
        Log.info(moved + " deliveries were " + from + " and are " + to + ": " + selection);
        return moved;
    }

    /** What is done to some deliveries that are locked. */
    private interface Change {
        Retried of(Connection connection, List<Row> rows, int before) throws SQLException;
    }

    /** What was done in one transaction. */
    private record Chunk(List<Row> rows, Retried retried) {}

    private int inChunks(String failure, DeadSelection selection, State state, int chunk, int atMost, Change change) {
        int changed = 0;
        DeliveryId last = DeliveryId.FIRST;
        boolean isMore = true;
        while (isMore && changed < atMost) {
            DeliveryId after = last;
            int before = changed;
            int most = Math.min(chunk, atMost - changed);
            Chunk done = committed(failure, before, connection -> {
                List<Row> rows = table.lock(connection, selection, state, after, most);
                return new Chunk(rows, change.of(connection, rows, before));
            });
            goOn(done.retried);
            changed += done.retried.changed();
            isMore = done.rows.size() == most;
            last = done.rows.isEmpty()
                    ? last
                    : done.rows.get(done.rows.size() - 1).id();
        }
        return changed;
    }

    private Chunk committed(String failure, int before, Database.Work<Chunk, RuntimeException> work) {
        try {
            return database.askUntilItPasses(work);
        } catch (SQLException e) {
            String soFar = before == 0 ? "" : "; " + before + " were changed before that, and stay so";
            throw new JournalException(failure + ": " + e.getMessage() + soFar, e);
        }
    }

    /** Only now, when it is committed, others see what there is to be done. */
    private void goOn(Retried retried) {
        worker.lookAt(retried.lanes());
        if (retried.changed() > 0) {
            worker.wake();
        }
    }

    // ---- one after another ----

    /** Tries dead deliveries again as long as not so many fail in a row. */
    public CompletableFuture<RetryReport> retry(DeadSelection selection, Duration pause, int atMost, int stopAfter) {
        if (thread.isShutdown()) {
            throw new IllegalStateException("the journal is closed");
        }
        List<Row> rows = database.ask(
                "dead deliveries cannot be read",
                connection -> table.rows(connection, selection, State.DEAD, DeliveryId.FIRST, atMost));
        Redrive redrive = new Redrive(table, rows, pause, stopAfter, this::goOn);
        Log.info(rows.size() + " dead deliveries are to be tried again, until " + stopAfter + " fail in a row: "
                + selection);
        redrives.add(redrive);
        goOnIn(0, redrive);
        return redrive.report();
    }

    private void goOnIn(long millis, Redrive redrive) {
        try {
            Future<?> unused = thread.schedule(() -> goOn(redrive), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            redrive.report().cancel(false);
            throw new IllegalStateException("the journal is closed", e);
        }
    }

    private void goOn(Redrive redrive) {
        long millis = AGAIN_MILLIS;
        try {
            if (!redrive.isOver()) {
                millis = redrive.goOn(database);
            }
        } catch (SQLException | RuntimeException e) {
            Log.warn("dead deliveries could not be tried again; it goes on in a second", e);
        }
        if (redrive.isOver()) {
            redrives.remove(redrive);
        } else if (!thread.isShutdown()) {
            goOnIn(millis, redrive);
        }
    }

    void close() {
        thread.shutdownNow();
        redrives.forEach(redrive -> redrive.report().cancel(false));
    }
}
