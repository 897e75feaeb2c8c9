package dev.convoke.benchmarks.journal.subject;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A thread of {@link SqlAlone} that delivers until it is told to end. */
final class Worker extends Thread {
    private static final int BATCH = 1_000;
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Setup setup;
    private final Dialect dialect;
    private final ExecutorService handlers = Executors.newCachedThreadPool();
    private volatile boolean ending;

    Worker(Setup setup, Dialect dialect) {
        super("sql-worker");
        this.setup = setup;
        this.dialect = dialect;
    }

    @Override
    public void run() {
        try (Connection connection = setup.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            while (!ending) {
                List<Dialect.Due> due = dialect.take(
                        connection, setup.blocking() ? setup.threads() / SqlAlone.WORKERS : BATCH, setup.ordered());
                deliver(due);
                connection.commit();
                if (due.isEmpty()) {
                    LockSupport.parkNanos(IDLE_NANOS); // what another process publishes wakes nobody
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void deliver(List<Dialect.Due> due) {
        if (setup.blocking()) {
            CompletableFuture.allOf(due.stream()
                            .map(each -> CompletableFuture.runAsync(() -> handle(each), handlers))
                            .toArray(CompletableFuture[]::new))
                    .join();
        } else {
            due.forEach(this::handle);
        }
    }

    private void handle(Dialect.Due due) {
        setup.handler().handle(due.listener(), due.order());
    }

    /** Returns when it has ended. */
    void end() throws InterruptedException {
        ending = true;
        join();
        handlers.shutdown();
    }
}
