package dev.convoke.journal.operations;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.convoke.journal.JdbcJournal;
import dev.convoke.journal.JournalOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/**
 * The database as a process has it: a pool of ten connections to PostgreSQL, or a file of SQLite's. Thread-safe.
 *
 * @param pool null for SQLite
 */
record PodDatabase(String name, HikariDataSource pool) implements AutoCloseable {
    private static final int CONNECTIONS = 10;

    /** The database with this JDBC address, or in this file. */
    static PodDatabase of(String name) {
        return new PodDatabase(name, isPostgresql(name) ? pool(name) : null);
    }

    private static HikariDataSource pool(String address) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(address);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(8));
        config.setValidationTimeout(TimeUnit.SECONDS.toMillis(3));
        return new HikariDataSource(config);
    }

    private static boolean isPostgresql(String name) {
        return name.startsWith("jdbc:postgresql:");
    }

    JdbcJournal journal(JournalOptions options) {
        return pool == null ? JdbcJournal.sqlite(Path.of(name), options) : JdbcJournal.open(pool, options);
    }

    /** A connection for the publisher's own writes. */
    Connection connect() throws SQLException {
        return pool == null
                ? DriverManager.getConnection("jdbc:sqlite:" + name + "?busy_timeout=20000&synchronous=FULL")
                : pool.getConnection();
    }

    /** How long a long transaction takes: SQLite has one writer, and nobody should keep it for seconds. */
    long longestTransactionMillis() {
        return pool == null ? 200 : 4_000;
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.close();
        }
    }
}
