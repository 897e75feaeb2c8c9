package dev.convoke.journal.internal;

import dev.convoke.journal.UnsupportedDatabaseException;
import dev.convoke.journal.internal.SessionTable.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * This process among those that share the journal: its session, its heartbeats, and what it does about others that are gone.
 *
 * <p>Thread-safe.
 */
final class Membership {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Two processes' clocks may tick a little differently. */
    private static final long SLACK_MILLIS = 100;

    private final Journal journal;
    private final Presence presence;
    private final Heart heart;
    private final Housekeeper housekeeper;
    private final Thread heartThread;
    private final Thread housekeeperThread;

    /** This process's, until it is taken for dead. */
    private volatile String session = UUID.randomUUID().toString();

    /** The session that others have ended, until there is another. */
    private volatile @Nullable String lost;

    /** When the last heartbeat that was made began, by this process's clock. */
    private volatile long beatAt;

    /** Whether there was one in this session. */
    private volatile boolean isBeaten;

    Membership(Journal journal) {
        this.journal = journal;
        this.presence = journal.database() instanceof FileDatabase file
                ? new LockPresence(journal.sessions(), file.path())
                : new BeatPresence(journal.sessions(), Heart.pauseMillis(journal.ttlMillis()));
        this.heart = new Heart(journal, presence);
        this.housekeeper = new Housekeeper(journal, presence);
        this.heartThread = journal.thread("heart", heart);
        this.housekeeperThread = journal.thread("housekeeper", housekeeper);
    }

    String session() {
        return session;
    }

    long beatAt() {
        return beatAt;
    }

    void beaten(long when) {
        beatAt = when;
        isBeaten = true;
    }

    boolean isFresh() {
        return isBeaten && System.nanoTime() - beatAt < TimeUnit.MILLISECONDS.toNanos(journal.ttlMillis());
    }

    /** Begins, and takes a connection for the heart, which nobody else can take away from it. */
    void begin() throws SQLException {
        heart.prepare();
        requireAnotherConnection();
        beginSession(session);
        heartThread.start();
        housekeeperThread.start();
    }

    private void requireAnotherConnection() throws SQLException {
        try {
            journal.database().briefly(connection -> {});
        } catch (NoConnectionException e) {
            boolean isUnreachable =
                    Dialect.isUnreachable(e) && String.valueOf(e.getSQLState()).startsWith("08");
            if (isUnreachable || journal.database().dialect() == Dialect.SQLITE) {
                throw e;
            }
            UnsupportedDatabaseException refusal = new UnsupportedDatabaseException(
                    "the journal keeps a connection for its heartbeat, and no other one is"
                            + " to be had: the pool needs at least 2 connections, better 10. It said: "
                            + e.getMessage());
            refusal.initCause(e);
            throw refusal;
        }
    }

    private void beginSession(String id) throws SQLException {
        presence.begin(id);
        long now = System.nanoTime();
        Session next = journal.newSession(id, presence.process());
        journal.listeners().enterAll(id, connection -> journal.sessions().begin(connection, next));
        journal.learn(journal.database().brief(journal::refresh));
        beaten(now);
    }

    /** Others have taken this process for dead. */
    void lost(String which) {
        if (which.equals(session)) {
            isBeaten = false;
            lost = which;
        }
    }

    void beginAgainWhereLost() throws SQLException {
        if (!session.equals(lost)) {
            return;
        }
        String next = UUID.randomUUID().toString();
        beginSession(next);
        Log.warn("this process was taken for dead, as it gave no heartbeat for "
                + journal.options().sessionTtl() + " (session " + session + "); it goes on as session " + next);
        session = next;
        journal.worker().wake();
    }

    /**
     * Waits until every living process knows the listeners that this one knows: it may publish events for them.
     *
     * <p>One that is stuck is waited for as long as it may go by what it knew before: after its time to live without a heartbeat,
     * which looks at the listeners, too, it is certain of nothing.
     */
    void awaitOthers() throws SQLException {
        long generation = journal.catalog().generation();
        long begun = System.nanoTime();
        while (isAnyBehind(generation, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun))) {
            if (Thread.currentThread().isInterrupted() || journal.isClosed()) {
                throw new SQLException("interrupted while other processes had not learnt of it");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private boolean isAnyBehind(long generation, long waitedMillis) throws SQLException {
        List<Session> sessions = journal.database().brief(journal.sessions()::all);
        return sessions.stream()
                .anyMatch(one -> !one.id().equals(session)
                        && waitedMillis <= one.ttlMillis() + SLACK_MILLIS
                        && !presence.knows(one, generation));
    }

    /** Ends in good order, and says whether this thread was interrupted meanwhile. */
    boolean end(long until) {
        housekeeper.stop();
        boolean wasInterrupted = Journal.join(housekeeperThread, until);
        try {
            journal.database().briefly(connection -> {
                journal.deliveries().handBack(connection, session);
                journal.listenerTable().leave(connection, session);
                journal.sessions().end(connection, session);
            });
        } catch (SQLException e) {
            Log.warn(
                    "the journal could not write down that it ends: other processes find that out, and take over what it"
                            + " had begun, within " + journal.options().sessionTtl(),
                    e);
        }
        heart.stop();
        wasInterrupted |= Journal.join(heartThread, until);
        presence.close();
        return wasInterrupted;
    }

    /** Where it could not begin. */
    void close() {
        heart.close();
        presence.close();
    }
}
