package dev.convoke.examples.demo.listeners;

import dev.convoke.examples.demo.github.Webhook;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * What the durable listeners do, in tables beside the journal's.
 *
 * <p>Thread-safe: a connection of its own, used under a lock.
 */
final class EffectTables implements AutoCloseable {
    private static final String BUSY_MILLIS = "10000";

    private static final List<String> CREATE = List.of(
            IndexTable.CREATE,
            StatisticsTable.CREATE,
            "CREATE TABLE IF NOT EXISTS demo_input (one INTEGER PRIMARY KEY CHECK (one = 1), sha256 TEXT NOT NULL)",
            "CREATE TABLE IF NOT EXISTS demo_audit (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, line TEXT NOT NULL)",
            "CREATE TABLE IF NOT EXISTS demo_post (key TEXT PRIMARY KEY)");

    private final ReentrantLock turn = new ReentrantLock();
    private final Connection connection;

    private EffectTables(Connection connection) {
        this.connection = connection;
    }

    /** Opens the tables in a file of SQLite's, and makes what is missing. */
    static EffectTables open(Path file) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("journal_mode", "WAL");
        // Enough, although it awaits no disk: the journal, which writes the end of the delivery behind it, does.
        settings.setProperty("synchronous", "NORMAL");
        settings.setProperty("busy_timeout", BUSY_MILLIS);
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file, settings);
        try (Statement statement = connection.createStatement()) {
            for (String table : CREATE) {
                statement.execute(table);
            }
            return new EffectTables(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Whether the file is about these events: the first that asks decides. */
    boolean areAbout(List<Webhook> webhooks) throws SQLException {
        String sha256 = AuditFile.sha256(webhooks.stream().map(AuditFile::line).collect(Collectors.joining()));
        write("INSERT INTO demo_input VALUES (1, ?) ON CONFLICT DO NOTHING", sha256);
        return ask(own -> text(own, "SELECT sha256 FROM demo_input")).equals(sha256);
    }

    /** Writes a line under a key, unless there is one. */
    void audit(String key, Webhook webhook) throws SQLException {
        write("INSERT INTO demo_audit (key, line) VALUES (?, ?) ON CONFLICT DO NOTHING", key, AuditFile.line(webhook));
    }

    /** How many lines there are. */
    int auditLines() throws SQLException {
        return Integer.parseInt(ask(own -> text(own, "SELECT count(*) FROM demo_audit")));
    }

    /** Notes that something was posted under a key, unless that is noted. */
    void post(String key) throws SQLException {
        write("INSERT INTO demo_post (key) VALUES (?) ON CONFLICT DO NOTHING", key);
    }

    /** How many posts are noted. */
    int posts() throws SQLException {
        return Integer.parseInt(ask(own -> text(own, "SELECT count(*) FROM demo_post")));
    }

    private void write(String sql, String... parameters) throws SQLException {
        boolean unused = ask(own -> {
            try (PreparedStatement statement = own.prepareStatement(sql)) {
                for (int i = 0; i < parameters.length; i++) {
                    statement.setString(i + 1, parameters[i]);
                }
                return statement.executeUpdate() > 0;
            }
        });
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            return answer.getString(1);
        }
    }

    /** What is asked or done. */
    @FunctionalInterface
    interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    /** Asks or does something through the connection, which nobody else uses meanwhile. */
    <T> T ask(Question<T> question) throws SQLException {
        turn.lock();
        try {
            return question.ask(connection);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
