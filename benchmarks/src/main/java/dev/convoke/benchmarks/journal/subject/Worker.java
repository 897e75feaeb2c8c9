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
                if (!work(connection)) {
                    LockSupport.parkNanos(IDLE_NANOS); // what another process publishes wakes nobody
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Says whether there was something to deliver. */
    private boolean work(Connection connection) throws SQLException {
        int atMost = setup.blocking() ? setup.threads() / SqlAlone.WORKERS : BATCH;
        try (Dialect.Turn turn = dialect.turn()) {
            List<Dialect.Due> due = dialect.take(connection, atMost, setup.ordered());
            deliver(due);
            connection.commit();
            return !due.isEmpty();
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
