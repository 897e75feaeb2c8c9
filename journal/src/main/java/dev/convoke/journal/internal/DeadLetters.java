package dev.convoke.journal.internal;

import dev.convoke.journal.DeadDelivery;
import dev.convoke.journal.DeadGroup;
import dev.convoke.journal.DeadSelection;
import dev.convoke.journal.EventStatus.State;
import dev.convoke.journal.RetryReport;
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
 * What an operator does with dead deliveries; what is changed is logged.
 *
 * <p>Thread-safe.
 */
public final class DeadLetters {
    /** After what time it goes on when the database was away. */
    private static final long AGAIN_MILLIS = 1_000;

    private final Database database;
    private final Runnable wakeWorker;
    private final DeadTable table;

    /** Lets redrives go on, one step of one at a time; its thread ends when there are none. */
    private final ScheduledThreadPoolExecutor thread;

    private final Set<Redrive> redrives = ConcurrentHashMap.newKeySet();

    DeadLetters(Database database, Worker worker, ThreadFactory threads) {
        this.database = database;
        this.wakeWorker = worker::wake;
        this.table = new DeadTable(database, worker::lookAt);
        this.thread = new ScheduledThreadPoolExecutor(1, threads);
        thread.setKeepAliveTime(1, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
    }

    /** Dead or discarded deliveries, the oldest first. */
    public List<DeadDelivery> list(DeadSelection selection, State state, int atMost) {
        return database.ask(
                "dead deliveries cannot be read", connection -> table.list(connection, selection, state, atMost));
    }

    /** Dead deliveries by cause. */
    public List<DeadGroup> groups(int atMost) {
        return database.ask("dead deliveries cannot be read", connection -> table.groups(connection, atMost));
    }

    /** Tries dead deliveries again, so long apart. */
    public int retry(DeadSelection selection, Duration pause, int atMost) {
        int retried = database.ask(
                "dead deliveries cannot be tried again",
                connection -> table.retry(
                        connection, table.rows(connection, selection, State.DEAD, atMost), pause.toMillis()));
        Log.info(retried + " dead deliveries are tried again: " + selection);
        wakeWorker.run();
        return retried;
    }

    /** Tries dead deliveries again as long as not so many fail in a row. */
    public CompletableFuture<RetryReport> retry(DeadSelection selection, Duration pause, int atMost, int stopAfter) {
        if (thread.isShutdown()) {
            throw new IllegalStateException("the journal is closed");
        }
        List<DeadTable.Row> rows = database.ask(
                "dead deliveries cannot be read", connection -> table.rows(connection, selection, State.DEAD, atMost));
        Redrive redrive = new Redrive(table, rows, pause, stopAfter);
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
                wakeWorker.run();
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

    /** DEAD → DISCARDED, or back. */
    public int move(DeadSelection selection, State from, State to) {
        int moved = database.ask(
                "dead deliveries cannot be " + to, connection -> table.move(connection, selection, from, to));
        Log.info(moved + " deliveries were " + from + " and are " + to + ": " + selection);
        return moved;
    }

    void close() {
        thread.shutdownNow();
        redrives.forEach(redrive -> redrive.report().cancel(false));
    }
}
