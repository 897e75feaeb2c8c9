package dev.convoke.journal.internal;

import dev.convoke.journal.EventStatus.State;
import dev.convoke.journal.RetryReport;
import dev.convoke.journal.internal.DeadTable.Retried;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Dead deliveries that are tried again one after another until too many in a row are dead once more; those that were not tried by then
 * have never been anything but dead, so that a crash in between loses nothing.
 *
 * <p>Confined to the thread of {@link DeadLetters}, but for the report, and for whether it is over.
 */
final class Redrive {
    /** After what time it is looked how those are doing that were tried again. */
    private static final long LOOK_MILLIS = 50;

    private final DeadTable table;
    private final Deque<DeadTable.Row> left;
    private final long pauseNanos;
    private final int stopAfter;
    private final Consumer<Retried> goOn;
    private final CompletableFuture<RetryReport> report = new CompletableFuture<>();
    private final List<DeadTable.Row> open = new ArrayList<>();
    private long nextAt = System.nanoTime();

    /** Whether the next may have been tried already: the reply to that commit was lost. */
    private boolean mayBeTried;

    private int succeeded;
    private int failed;
    private int failedInARow;

    /** @param goOn is told what is committed */
    Redrive(DeadTable table, List<DeadTable.Row> rows, Duration pause, int stopAfter, Consumer<Retried> goOn) {
        this.table = table;
        this.left = new ArrayDeque<>(rows);
        this.pauseNanos = pause.toNanos();
        this.stopAfter = stopAfter;
        this.goOn = goOn;
    }

    CompletableFuture<RetryReport> report() {
        return report;
    }

    /** Whether it has come to its end, or nobody wants it any more. */
    boolean isOver() {
        return report.isDone();
    }

    /** What came of one that was tried again. */
    private record Ended(DeadTable.Row row, Optional<State> state) {}

    /** Says after how many milliseconds it is to go on again. */
    long goOn(Database database) throws SQLException {
        database.brief(this::ended).forEach(this::count);
        while (mayTryNext() && nextAt - System.nanoTime() <= 0) {
            tryNext(database);
        }
        if (open.isEmpty() && (left.isEmpty() || isStopped())) {
            CompletableFuture<RetryReport> unused =
                    report.completeAsync(() -> new RetryReport(succeeded, failed, left.size()));
        }
        return millisToWait();
    }

    private void tryNext(Database database) throws SQLException {
        DeadTable.Row next = left.getFirst();
        try {
            Retried retried = database.brief(connection -> table.retry(connection, List.of(next), 0, 0));
            goOn.accept(retried);
            if (retried.changed() == 1 || mayBeTried) { // where not, somebody else has done something with it
                open.add(next);
                nextAt = System.nanoTime() + pauseNanos;
            }
            mayBeTried = false;
            left.removeFirst();
        } catch (CommitUnknownException e) {
            mayBeTried = true;
            throw e;
        }
    }

    private long millisToWait() {
        long untilNext = TimeUnit.NANOSECONDS.toMillis(nextAt - System.nanoTime());
        return mayTryNext() ? Math.max(1, Math.min(untilNext, LOOK_MILLIS)) : LOOK_MILLIS;
    }

    private boolean mayTryNext() {
        return !isStopped() && open.size() < stopAfter && !left.isEmpty();
    }

    private boolean isStopped() {
        return failedInARow >= stopAfter;
    }

    private List<Ended> ended(Connection connection) throws SQLException {
        List<Ended> ended = new ArrayList<>();
        for (DeadTable.Row row : open) {
            Optional<State> state = table.state(connection, row.id());
            if (state.isEmpty() || state.orElseThrow().isFinal()) {
                ended.add(new Ended(row, state));
            }
        }
        return ended;
    }

    private void count(Ended ended) {
        open.remove(ended.row);
        if (ended.state.isEmpty()) {
            succeeded++;
            failedInARow = 0;
        } else {
            failed++;
            failedInARow++;
        }
    }
}
