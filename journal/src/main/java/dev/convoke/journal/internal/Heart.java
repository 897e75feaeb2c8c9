package dev.convoke.journal.internal;

import dev.convoke.journal.internal.SessionTable.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Says that this process lives, and looks at the others, on a thread and a connection of its own: it waits neither for a pool that
 * is in use nor for rows that another process may have locked, and does nothing that takes longer where there is more.
 */
final class Heart implements Runnable {
    /** Beats in the time after which the process is taken for dead. */
    private static final int BEATS = 4;

    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    /** While listeners are being added, every process is waited for until it knows them. */
    private static final long CHANGE_PAUSE_MILLIS = 50;

    private static final long CHANGING_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Journal journal;
    private final Presence presence;
    private final Database.Kept connection;
    private final CountDownLatch stop = new CountDownLatch(1);

    /** Confined to the thread. */
    private long changedAt = System.nanoTime() - CHANGING_NANOS;

    private boolean isFailing;

    Heart(Journal journal, Presence presence) {
        this.journal = journal;
        this.presence = presence;
        this.connection = journal.database().keep();
    }

    static long pauseMillis(long ttlMillis) {
        return Math.max(1, Math.min(ttlMillis / BEATS, LONGEST_PAUSE_MILLIS));
    }

    @Override
    public void run() {
        long pause = pauseMillis(journal.ttlMillis());
        try {
            while (!stop.await(Math.min(pause, isChanging() ? CHANGE_PAUSE_MILLIS : pause), TimeUnit.MILLISECONDS)) {
                beat();
            }
        } catch (InterruptedException e) {
            // as good as being stopped
        } finally {
            connection.close();
        }
    }

    private boolean isChanging() {
        return System.nanoTime() - changedAt < CHANGING_NANOS;
    }

    /** What a look at the database found. */
    private record Look(boolean isKnown, Catalog catalog, List<Session> sessions) {}

    private void beat() {
        long now = System.nanoTime();
        String session = journal.session();
        try {
            Look look = connection.brief(own -> look(own, session));
            presence.observe(look.sessions);
            boolean isNew = journal.learn(look.catalog);
            if (isNew) {
                changedAt = now;
            }
            if (look.isKnown) {
                journal.beaten(now);
            } else {
                journal.lost(session);
            }
            isFailing = false;
        } catch (SQLException | RuntimeException | Error e) { // without it, others take this process for dead
            warn(session, e);
        }
    }

    private Look look(Connection own, String session) throws SQLException {
        boolean isKnown = presence.beat(own, session, journal.knownGeneration());
        Catalog catalog = journal.catalog().current(journal.database(), own);
        return new Look(isKnown, catalog, journal.sessions().all(own));
    }

    /** Once for each time that it does not go. */
    private void warn(String session, Throwable why) {
        if (!isFailing) {
            long silent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - journal.beatAt());
            Log.warn(
                    "heartbeat failed for session " + session + " (the last one was " + silent
                            + " ms ago); nothing new is delivered in this process from " + journal.ttlMillis()
                            + " ms on, and other processes take over what it was delivering",
                    why);
            isFailing = true;
        }
    }

    /** Makes sure that there is a connection for this before anything depends on it. */
    void prepare() throws SQLException {
        connection.brief(own -> true);
    }

    void stop() {
        stop.countDown();
    }

    /** Where it was never started. */
    void close() {
        connection.close();
    }
}
