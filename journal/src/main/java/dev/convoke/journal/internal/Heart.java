package dev.convoke.journal.internal;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Says that this process lives, takes over from those that do not, and tidies up; on a thread of its own, so that no slow
 * transaction of the others' makes this process look dead.
 */
final class Heart implements Runnable {
    /** Beats in the time after which the process is taken for dead. */
    private static final int BEATS = 4;

    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    /** After so many crashes of a process that ran it, a delivery is taken for what crashes them. */
    private static final int MOST_CRASHES = 5;

    /** Events that are forgotten at one beat. */
    private static final int FORGOTTEN = 1_000;

    /** At the first beat, and each so many, it looks for lanes that nobody lets go on: their process ended at a bad moment. */
    private static final int BEATS_BETWEEN_LOOKS = 15;

    private final Journal journal;

    /** Confined to the thread. */
    private int beats;

    private final CountDownLatch stop = new CountDownLatch(1);

    Heart(Journal journal) {
        this.journal = journal;
    }

    @Override
    public void run() {
        OrphanAlarm alarm = new OrphanAlarm(journal);
        long pause = Math.min(journal.ttlMillis() / BEATS, LONGEST_PAUSE_MILLIS);
        try {
            while (!stop.await(pause, TimeUnit.MILLISECONDS)) {
                beat(alarm);
            }
        } catch (InterruptedException e) {
            // as good as being stopped
        }
    }

    private void beat(OrphanAlarm alarm) {
        try {
            journal.beat();
            recover();
            tidy();
            alarm.look();
        } catch (SQLException | RuntimeException e) {
            Log.warn("the journal's database does not answer to a sign of life", e);
        }
    }

    private void recover() throws SQLException {
        List<Lane> stuck = journal.database().brief(connection -> {
            journal.sawListeners(connection);
            int ended = journal.sessions().endSilent(connection, journal.ttlMillis());
            int recovered = journal.deliveries().recover(connection, journal.ttlMillis(), MOST_CRASHES);
            boolean isTimeToLook = beats++ % BEATS_BETWEEN_LOOKS == 0;
            return isTimeToLook || ended + recovered > 0 ? journal.deliveries().stuckLanes(connection) : List.of();
        });
        if (!stuck.isEmpty()) {
            journal.worker().lookAt(stuck);
        }
        journal.worker().wake();
    }

    private void tidy() throws SQLException {
        journal.database().briefly(connection -> {
            journal.events().forget(connection, journal.options().retention().toMillis(), FORGOTTEN);
        });
        journal.lookForRoom();
    }

    void stop() {
        stop.countDown();
    }
}
