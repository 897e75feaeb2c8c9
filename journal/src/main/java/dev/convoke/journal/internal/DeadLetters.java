package dev.convoke.journal.internal;

import dev.convoke.journal.DeadDelivery;
import dev.convoke.journal.DeadGroup;
import dev.convoke.journal.DeadSelection;
import dev.convoke.journal.EventStatus.State;
import dev.convoke.journal.RetryReport;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What an operator does with dead deliveries; what is changed is logged.
 *
 * <p>Thread-safe.
 */
public final class DeadLetters {
    private final Database database;
    private final Runnable wakeWorker;
    private final DeadTable table;

    /** Those under way; each goes on when the worker comes by. */
    private final List<Redrive> redrives = new CopyOnWriteArrayList<>();

    DeadLetters(Database database, Runnable wakeWorker) {
        this.database = database;
        this.wakeWorker = wakeWorker;
        this.table = new DeadTable(database.dialect());
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
        List<DeadTable.Row> rows = database.ask(
                "dead deliveries cannot be read", connection -> table.rows(connection, selection, State.DEAD, atMost));
        Redrive redrive = new Redrive(table, rows, pause, stopAfter);
        Log.info(rows.size() + " dead deliveries are to be tried again, until " + stopAfter + " fail in a row: "
                + selection);
        redrives.add(redrive);
        wakeWorker.run();
        return redrive.report();
    }

    /** DEAD → DISCARDED, or back. */
    public int move(DeadSelection selection, State from, State to) {
        int moved = database.ask(
                "dead deliveries cannot be " + to, connection -> table.move(connection, selection, from, to));
        Log.info(moved + " deliveries were " + from + " and are " + to + ": " + selection);
        return moved;
    }

    /** Lets redrives go on; says after how many milliseconds at the latest they are to be let go on again. Called by the worker. */
    long look() throws SQLException {
        long again = Long.MAX_VALUE;
        for (Redrive redrive : redrives) {
            if (!redrive.isOver()) {
                again = Math.min(again, redrive.goOn(database));
            }
        }
        redrives.removeIf(Redrive::isOver);
        return again;
    }

    void close() {
        redrives.forEach(redrive -> redrive.report().cancel(false));
    }
}
