package dev.convoke.journal.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Wakes the worker when another process has published, by PostgreSQL's notifications; on a thread of its own, which keeps one
 * connection. Where that is lost, the worker's own looks are all there is until there is another.
 */
final class Bell implements Runnable {
    /** What notifications are sent on. */
    static final String CHANNEL = "convoke_journal";

    private static final int LONGEST_WAIT_MILLIS = 500;
    private static final long PAUSE_MILLIS = 1_000;

    private final DataSource source;
    private final Supplier<String> sender;
    private final Runnable wakeWorker;
    private final CountDownLatch stop = new CountDownLatch(1);

    /** Whether it was said that there is no connection. Confined to the thread. */
    private boolean isSaid;

    /** @param sender whose notifications are nothing new */
    Bell(DataSource source, Supplier<String> sender, Runnable wakeWorker) {
        this.source = source;
        this.sender = sender;
        this.wakeWorker = wakeWorker;
    }

    @Override
    public void run() {
        try {
            while (!isStopped(0)) {
                listen();
                isStopped(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            // as good as being stopped
        }
    }

    private boolean isStopped(long afterMillis) throws InterruptedException {
        return stop.await(afterMillis, TimeUnit.MILLISECONDS);
    }

    private void listen() throws InterruptedException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(true); // a notification comes between transactions
            Database.execute(connection, "LISTEN " + CHANNEL);
            isSaid = false;
            wakeWorker.run(); // for what came before
            listen(connection.unwrap(PGConnection.class));
            Database.execute(connection, "UNLISTEN " + CHANNEL); // it may be a pool's
        } catch (SQLException | RuntimeException e) {
            if (!isSaid) {
                Log.warn(
                        "notifications cannot be listened for; until they can, others' publications are looked for once a second",
                        e);
                isSaid = true;
            }
        }
    }

    private void listen(PGConnection connection) throws SQLException, InterruptedException {
        while (!isStopped(0)) {
            PGNotification @Nullable [] rung = connection.getNotifications(LONGEST_WAIT_MILLIS);
            if (rung != null && isOfOthers(rung)) {
                wakeWorker.run();
            }
        }
    }

    private boolean isOfOthers(PGNotification[] rung) {
        for (PGNotification one : rung) {
            if (!one.getParameter().equals(sender.get())) {
                return true;
            }
        }
        return false;
    }

    void stop() {
        stop.countDown();
    }
}
