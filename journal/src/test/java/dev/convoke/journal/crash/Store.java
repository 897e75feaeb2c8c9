package dev.convoke.journal.crash;

import dev.convoke.journal.JdbcJournal;
import dev.convoke.journal.JournalOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/** A database that is named by a text which another process can be given: a JDBC address, or a file of SQLite's. */
record Store(String name) {
    private static final JournalOptions OPTIONS =
            JournalOptions.defaults().sessionTtl(Duration.ofSeconds(1)).maxRunning(Checker.MAX_RUNNING);

    JdbcJournal journal() {
        return isPostgresql() ? JdbcJournal.open(dataSource(), OPTIONS) : JdbcJournal.sqlite(Path.of(name), OPTIONS);
    }

    /** One in PostgreSQL whose connections have faults. */
    JdbcJournal journal(Faults faults) {
        return JdbcJournal.open(faults.in(dataSource()), OPTIONS);
    }

    Connection connect() throws SQLException {
        return isPostgresql()
                ? dataSource().getConnection()
                : DriverManager.getConnection("jdbc:sqlite:" + name + "?busy_timeout=20000&synchronous=FULL");
    }

    private boolean isPostgresql() {
        return name.startsWith("jdbc:postgresql:");
    }

    private PGSimpleDataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(name);
        return dataSource;
    }

    void createEffects() throws SQLException {
        String number = isPostgresql() ? "BIGINT GENERATED ALWAYS AS IDENTITY" : "INTEGER";
        execute("CREATE TABLE IF NOT EXISTS effect (place " + number
                + " PRIMARY KEY, listener TEXT NOT NULL, event TEXT NOT NULL)");
        execute("CREATE TABLE IF NOT EXISTS business (event TEXT NOT NULL)");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    long count(String sql) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Whether nobody keeps writers waiting. */
    boolean canBeWritten() {
        String address = isPostgresql() ? name : "jdbc:sqlite:" + name + "?busy_timeout=100";
        try (Connection connection = DriverManager.getConnection(address);
                var statement = connection.createStatement()) {
            return statement.executeUpdate("UPDATE convoke_journal SET version = version") == 1;
        } catch (SQLException busy) {
            return false;
        }
    }
}
