package dev.convoke.journal.operations;

import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.event.PublicationNotAcceptedException.Certainty;
import dev.convoke.event.PublicationRefusedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that publish one event after another and write down what they are told. Most events have one of a few hot keys. Every
 * event that is published in a transaction has a row of the publisher's beside it, and some of those transactions are rolled back.
 */
final class Publishers {
    /** How long a publisher waits for an answer that should have come long before. */
    static final long PATIENCE_SECONDS = 45;

    private static final int HOT_KEYS = 5;
    private static final int KEYS = 200;
    private static final long PAUSE_MILLIS = 250;
    private static final long LONG_PAUSE_MILLIS = 2_000;

    private final Publisher publisher;
    private final PodDatabase database;
    private final PodLog log;
    private final String incarnation;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean isStopped;

    Publishers(Publisher publisher, PodDatabase database, PodLog log, String incarnation) {
        this.publisher = publisher;
        this.database = database;
        this.log = log;
        this.incarnation = incarnation;
    }

    void start() {
        start("a", Publishing.ALONE);
        start("b", Publishing.ALONE);
        start("w", Publishing.WITHIN);
        start("l", Publishing.WITHIN_LONG);
    }

    private void start(String name, Publishing how) {
        Thread thread = new Thread(() -> publishOnAndOn(name, how), "publisher-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    void stop() {
        isStopped = true;
        threads.forEach(LockSupport::unpark);
    }

    void join(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (Thread thread : threads) {
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            try {
                thread.join(Math.max(1, left));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void publishOnAndOn(String name, Publishing how) {
        for (int n = 0; !isStopped; n++) {
            String id = incarnation + "-" + name + n;
            String key = key();
            log.begun(id, key, how);
            if (how.isWithin()) {
                publishWithin(id, key, how);
            } else if (publishAlone(id, key) == Answer.UNKNOWN && chance(0.5)) {
                publishAlone(id, key); // which is safe, whatever became of the first
            }
            pause(how == Publishing.WITHIN_LONG ? LONG_PAUSE_MILLIS : PAUSE_MILLIS);
        }
    }

    private static String key() {
        return chance(0.7) ? "hot" + random(HOT_KEYS) : "k" + random(KEYS);
    }

    private static boolean chance(double share) {
        return ThreadLocalRandom.current().nextDouble() < share;
    }

    private static int random(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }

    private void pause(long atMostMillis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1 + random((int) atMostMillis));
        while (!isStopped && System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    // ---- by the coordinator ----

    private Answer publishAlone(String id, String key) {
        try {
            publisher.publish(id, key).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            log.told(Answer.ACCEPTED, id);
            return Answer.ACCEPTED;
        } catch (TimeoutException e) {
            log.told(Answer.HUNG, id);
            return Answer.HUNG;
        } catch (ExecutionException e) {
            Answer answer = isRejected(e.getCause()) ? Answer.REJECTED : Answer.UNKNOWN;
            log.told(answer, id, e.getCause());
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.UNKNOWN;
        }
    }

    private static boolean isRejected(Throwable why) {
        return why instanceof PublicationRefusedException
                || (why instanceof PublicationNotAcceptedException refusal
                        && refusal.certainty() == Certainty.REJECTED);
    }

    // ---- in a transaction ----

    private void publishWithin(String id, String key, Publishing how) {
        boolean commits = !chance(0.3);
        boolean isCommitting = false;
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            writeBusinessRow(connection, id);
            publisher.publishWithin(connection, id, key);
            pause(how == Publishing.WITHIN_LONG ? database.longestTransactionMillis() : 20);
            if (commits) {
                isCommitting = true;
                connection.commit();
                log.told(Answer.ACCEPTED, id);
                isCommitting = false;
            } else {
                connection.rollback();
                log.told(Answer.REJECTED, id);
            }
        } catch (SQLException | RuntimeException e) {
            log.told(isCommitting ? Answer.UNKNOWN : Answer.REJECTED, id, e);
        }
    }

    private static void writeBusinessRow(Connection connection, String id) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO business (event) VALUES (?)")) {
            insert.setString(1, id);
            insert.executeUpdate();
        }
    }
}
