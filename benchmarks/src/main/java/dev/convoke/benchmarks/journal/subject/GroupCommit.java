package dev.convoke.benchmarks.journal.subject;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import javax.sql.DataSource;

/** One thread that commits together what several publish at the same time. Thread-safe. */
final class GroupCommit implements AutoCloseable {
    private static final int AT_MOST = 500;

    private final DataSource dataSource;
    private final Dialect dialect;
    private final int listeners;
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "sql-appender");

    GroupCommit(DataSource dataSource, Dialect dialect, int listeners) {
        this.dataSource = dataSource;
        this.dialect = dialect;
        this.listeners = listeners;
        thread.start();
    }

    private record Waiting(Order order, CompletableFuture<Void> committed) {}

    /** Returns when it is committed. */
    void append(Order order) {
        Waiting waiting = new Waiting(order, new CompletableFuture<>());
        queue.add(waiting);
        waiting.committed().join();
    }

    private void run() {
        try (Connection connection = dataSource.getConnection()) {
            while (true) {
                List<Waiting> batch = new ArrayList<>();
                batch.add(queue.take());
                queue.drainTo(batch, AT_MOST - 1);
                dialect.append(connection, batch.stream().map(Waiting::order).toList(), listeners);
                batch.forEach(waiting -> waiting.committed().complete(null));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }
}
