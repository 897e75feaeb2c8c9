package dev.convoke.examples.demo.listeners;

import dev.convoke.examples.demo.github.Webhook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A full-text index of the events, in an SQLite file.
 *
 * <p>Thread-safe: one connection, used under a lock. Many deliveries share a transaction: see {@link #add}.
 */
final class SearchIndex implements AutoCloseable {
    private static final String CREATE =
            "CREATE VIRTUAL TABLE webhooks USING fts5(line UNINDEXED, event, repository, sender, body)";
    private static final String INSERT =
            "INSERT INTO webhooks (line, event, repository, sender, body) VALUES (?, ?, ?, ?, ?)";
    private static final String COUNT = "SELECT count(*) FROM webhooks";
    private static final String COUNT_MATCHES = "SELECT count(*) FROM webhooks WHERE webhooks MATCH ?";
    private static final String BEST_MATCH =
            "SELECT event || ' line-' || line FROM webhooks WHERE webhooks MATCH ? ORDER BY rank, line LIMIT 1";

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
            statement.execute(CREATE);
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
            this.body = texts(webhook.data()).collect(Collectors.joining("\n"));
        }

        /** Every text in the data that is no address. */
        private static Stream<String> texts(JsonNode node) {
            return node.isString()
                    ? Stream.of(node.stringValue()).filter(text -> !text.startsWith("http"))
                    : node.valueStream().flatMap(Row::texts);
        }

        void insert(PreparedStatement insert) throws SQLException {
            insert.setInt(1, webhook.line());
            insert.setString(2, webhook.event());
            insert.setString(3, webhook.repository().orElse(""));
            insert.setString(4, webhook.sender().orElse(""));
            insert.setString(5, body);
            insert.executeUpdate();
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
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (Row row : rows) {
                row.insert(insert);
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
        return Integer.parseInt(ask(COUNT));
    }

    /** Looks for a word. */
    SearchResult search(String word) throws SQLException {
        int events = Integer.parseInt(ask(COUNT_MATCHES, word));
        return new SearchResult(word, events, events == 0 ? "" : ask(BEST_MATCH, word));
    }

    private String ask(String sql, String... parameters) throws SQLException {
        writing.lock();
        try (PreparedStatement question = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                question.setString(i + 1, parameters[i]);
            }
            try (ResultSet answer = question.executeQuery()) {
                return answer.getString(1);
            }
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
