package dev.convoke.journal.internal;

import dev.convoke.journal.UnsupportedDatabaseException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The journal's tables: made, and brought to the latest version, by numbered scripts. */
final class Schema {
    /** That of the last script. */
    static final int VERSION = 3;

    private static final List<String> TABLES = List.of(
            "convoke_event",
            "convoke_delivery",
            "convoke_inbox",
            "convoke_listener",
            "convoke_listener_name",
            "convoke_subscription",
            "convoke_session",
            "convoke_reader",
            "convoke_event_name");

    /** How long a process waits for another one that makes the tables at the same time. */
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final Pattern END = Pattern.compile(";\\s*\n");

    private final Database database;

    Schema(Database database) {
        this.database = database;
    }

    /**
     * Brings the tables to this version. Any number of processes may do it at a time.
     *
     * @throws UnsupportedDatabaseException if they are of a newer version, or may not be made by this user
     */
    void migrate() throws SQLException {
        int found = database.brief(this::version);
        if (found > VERSION) {
            throw new UnsupportedDatabaseException("the journal's tables are of version " + found
                    + ", and this library knows those up to " + VERSION + ": use a newer one");
        }
        if (found < VERSION) {
            bringFrom(found);
        }
        database.briefly(this::requireWhole);
    }

    /** Somebody may have taken one of them away: better said here than at each publication. */
    private void requireWhole(Connection connection) throws SQLException {
        for (String table : TABLES) {
            try {
                Database.execute(connection, database.sql("SELECT 1 FROM " + table + " WHERE 1 = 0"));
            } catch (SQLException e) {
                throw new SQLException("table " + table + " cannot be read: " + e.getMessage(), e.getSQLState(), e);
            }
        }
    }

    private void bringFrom(int found) throws SQLException {
        try {
            long until = System.nanoTime() + PATIENCE_NANOS;
            while (!database.patiently(this::bring)) {
                if (until - System.nanoTime() <= 0) {
                    throw new SQLException("another process has been making the journal's tables for two minutes");
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (CommitUnknownException e) {
            throw e;
        } catch (SQLException e) {
            throw Dialect.isUnreachable(e) ? e : notAllowed(found, e);
        }
    }

    /** Says whether it could: one process does it at a time. */
    private boolean bring(Connection connection) throws SQLException {
        if (!database.tryLock(connection, "schema")) {
            return false;
        }
        if (database instanceof PooledDatabase pooled) {
            pooled.enterSchema(connection);
        }
        for (int next = version(connection) + 1; next <= VERSION; next++) {
            run(connection, next);
        }
        return true;
    }

    private SQLException notAllowed(int found, SQLException why) {
        boolean isForbidden = "42501".equals(why.getSQLState()); // insufficient_privilege
        if (!isForbidden) {
            return why;
        }
        UnsupportedDatabaseException refusal = new UnsupportedDatabaseException(
                "this database user may not create the journal's tables; have one that may run this, and try again:\n"
                        + IntStream.rangeClosed(found + 1, VERSION)
                                .mapToObj(this::script)
                                .collect(Collectors.joining("\n")));
        refusal.initCause(why);
        throw refusal;
    }

    private void run(Connection connection, int version) throws SQLException {
        for (String statement : END.split(script(version), 0)) {
            if (!statement.isBlank()) {
                Database.execute(connection, statement);
            }
        }
    }

    /** 0 where there are no tables. */
    private int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet tables = statement.executeQuery(tablesExist())) {
            if (!tables.next()) {
                return 0;
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery(database.sql("SELECT version FROM convoke_journal"))) {
            return version.next() ? version.getInt(1) : 0;
        }
    }

    private String tablesExist() {
        return database instanceof PooledDatabase pooled
                ? "SELECT 1 WHERE to_regclass('" + pooled.schema().replace("'", "''") + ".convoke_journal') IS NOT NULL"
                : "SELECT 1 FROM sqlite_master WHERE name = 'convoke_journal'";
    }

    /** The script that makes this version of the one before. */
    private String script(int version) {
        String name = database.dialect().scripts() + "-" + version + ".sql";
        try (InputStream script = Schema.class.getResourceAsStream(name)) {
            if (script == null) {
                throw new IllegalStateException("the library lacks its script " + name);
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the script " + name + " cannot be read", e);
        }
    }
}
