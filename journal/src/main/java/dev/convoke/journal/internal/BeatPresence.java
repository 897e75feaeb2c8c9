package dev.convoke.journal.internal;

import dev.convoke.journal.internal.SessionTable.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Processes count their heartbeats in the database, and each one watches the others' counts by its own clock: nobody's clock, the
 * database's included, is compared with another's.
 *
 * <p>Thread-safe.
 */
final class BeatPresence implements Presence {
    private final SessionTable sessions;
    private final String process = UUID.randomUUID().toString();

    /** A process that could not look for so long has to watch from the beginning. */
    private final long longestGapNanos;

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, as is the next. */
    private final Map<String, Watched> watched = new HashMap<>();

    private long lookedAt = System.nanoTime();

    /** @param pauseMillis between two looks */
    BeatPresence(SessionTable sessions, long pauseMillis) {
        this.sessions = sessions;
        this.longestGapNanos = TimeUnit.MILLISECONDS.toNanos(Math.max(1_000, 3 * pauseMillis));
    }

    /** A session, and since when its count has been what it is. */
    private record Watched(Session session, long since) {}

    @Override
    public void begin(String session) {
        // its row says everything
    }

    @Override
    public String process() {
        return process;
    }

    @Override
    public boolean beat(Connection connection, String session, long generation) throws SQLException {
        return sessions.beat(connection, session, generation);
    }

    @Override
    public void observe(List<Session> found) {
        lock.lock();
        try {
            observe(found, System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    private void observe(List<Session> found, long now) {
        boolean isContinuous = now - lookedAt < longestGapNanos;
        Map<String, Watched> before = Map.copyOf(watched);
        watched.clear();
        for (Session session : found) {
            Watched known = before.get(session.id());
            long since = now;
            if (isContinuous && known != null && known.session.beats() == session.beats()) {
                since = known.since;
            }
            watched.put(session.id(), new Watched(session, since));
        }
        lookedAt = now;
    }

    @Override
    public List<Session> gone(String own) {
        lock.lock();
        try {
            return silent(own);
        } finally {
            lock.unlock();
        }
    }

    private List<Session> silent(String own) {
        if (System.nanoTime() - lookedAt >= longestGapNanos) {
            return List.of();
        }
        return watched.values().stream()
                .filter(one -> !one.session.id().equals(own))
                .filter(one -> lookedAt - one.since >= TimeUnit.MILLISECONDS.toNanos(one.session.ttlMillis()))
                .map(Watched::session)
                .toList();
    }

    @Override
    public boolean knows(Session session, long generation) {
        return session.generation() >= generation;
    }

    @Override
    public void forget(Session gone) {
        // the next look does not find it
    }

    @Override
    public void close() {
        // likewise
    }
}
