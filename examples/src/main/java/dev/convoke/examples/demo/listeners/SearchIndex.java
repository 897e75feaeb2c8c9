package dev.convoke.examples.demo.listeners;

import dev.convoke.examples.demo.github.Webhook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A full-text index of the events, in an SQLite file.
 *
 * <p>Thread-safe: one connection, used under a lock. Many deliveries share a transaction: see {@link #add}.
 */
final class SearchIndex implements AutoCloseable {
    private final Connection connection;
    private final ReentrantLock writing = new ReentrantLock();
    private final Queue<Row> waiting = new ConcurrentLinkedQueue<>();

    private SearchIndex(Connection connection) {
        this.connection = connection;
    }

    /** Starts an index, in the place of an earlier one. */
    static SearchIndex create(Path file) throws IOException, SQLException {
        for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
        }
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = NORMAL");
            statement.execute(IndexTable.CREATE);
            connection.setAutoCommit(false);
            return new SearchIndex(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** One event on its way into the index. */
    private static final class Row {
        final Webhook webhook;
        final String body;

        /** Whether its transaction has ended; guarded by the lock, as is the failure. */
        boolean ended;

        @Nullable SQLException failure;

        Row(Webhook webhook) {
            this.webhook = webhook;
            this.body = IndexTable.body(webhook);
        }
    }

    /**
     * The demo's listener; it blocks until the event is committed. Whoever gets the lock writes all the rows that wait, in
     * one transaction; the others find theirs written.
     */
    void add(Webhook webhook) throws SQLException, InterruptedException {
        Row row = new Row(webhook);
        waiting.add(row);
        writing.lockInterruptibly();
        try {
            if (!row.ended) {
                write(takeWaiting());
            }
            if (row.failure != null) {
                throw row.failure;
            }
        } finally {
            writing.unlock();
        }
    }

    private List<Row> takeWaiting() {
        List<Row> rows = new ArrayList<>();
        for (Row row = waiting.poll(); row != null; row = waiting.poll()) {
            rows.add(row);
        }
        return rows;
    }

    private void write(List<Row> rows) {
        rows.forEach(row -> row.ended = true);
        try (PreparedStatement insert = connection.prepareStatement(IndexTable.INSERT)) {
            for (Row row : rows) {
                IndexTable.insert(insert, row.webhook, row.body);
            }
            connection.commit();
        } catch (SQLException e) {
            rows.forEach(row -> row.failure = e);
            rollBack(e);
        }
    }

    private void rollBack(SQLException reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /** How many events are in the index. */
    int size() throws SQLException {
        writing.lock();
        try {
            return IndexTable.size(connection);
        } finally {
            writing.unlock();
        }
    }

    /** Looks for a word. */
    SearchResult search(String word) throws SQLException {
        writing.lock();
        try {
            return IndexTable.search(connection, word);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
