package dev.convoke.journal.internal;

import java.sql.SQLException;
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

    /** Events that are looked at in one transaction, for whether they can be forgotten, and how often in one beat. */
    private static final int LOOKED_AT = 1_000;

    private static final int MOST_LOOKS = 20;

    /** How often it looks for lanes that nobody lets go on, as their process ended at a bad moment: which takes long where there are many. */
    private static final long LANES_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final int LANES_SHARE = 100;

    private final Journal journal;

    /** When it looks for such lanes again. Confined to the thread, as is the next. */
    private long lanesAt = System.nanoTime();

    /** The last event that was looked at. */
    private long forgottenTo;

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
        int recovered = journal.database().brief(connection -> {
            journal.sawListeners(connection);
            return journal.sessions().endSilent(connection, journal.ttlMillis())
                    + journal.deliveries().recover(connection, journal.ttlMillis(), MOST_CRASHES);
        });
        long now = System.nanoTime();
        if (recovered > 0 || lanesAt - now <= 0) {
            journal.worker().lookAt(journal.database().brief(journal.deliveries()::stuckLanes));
            lanesAt = now + Math.max(LANES_NANOS, LANES_SHARE * (System.nanoTime() - now));
        }
        journal.worker().wake();
    }

    private void tidy() throws SQLException {
        forget();
        journal.lookForRoom();
    }

    /** Goes on where it stopped the last time, and with the oldest when it has come to the young ones. */
    private void forget() throws SQLException {
        long retention = journal.options().retention().toMillis();
        boolean isWorthIt = true;
        for (int i = 0; isWorthIt && i < MOST_LOOKS; i++) {
            EventTable.Old old = journal.database()
                    .brief(connection -> journal.events().forget(connection, forgottenTo, LOOKED_AT, retention));
            forgottenTo = old.isFull() ? old.last() : 0;
            isWorthIt = old.isFull() && old.forgotten() > LOOKED_AT / 2;
        }
    }

    void stop() {
        stop.countDown();
    }
}
