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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The journal's tables: made, and brought to the latest version, by numbered scripts. */
final class Schema {
    /** That of the last script. */
    static final int VERSION = 2;

    private static final List<String> TABLES =
            List.of("convoke_event", "convoke_delivery", "convoke_listener", "convoke_session", "convoke_event_name");

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
        database.briefly(Schema::requireWhole);
    }

    /** Somebody may have taken one of them away: better said here than at each publication. */
    private static void requireWhole(Connection connection) throws SQLException {
        for (String table : TABLES) {
            try {
                Database.execute(connection, "SELECT 1 FROM " + table + " WHERE 1 = 0");
            } catch (SQLException e) {
                throw new SQLException("table " + table + " cannot be read: " + e.getMessage(), e.getSQLState(), e);
            }
        }
    }

    private void bringFrom(int found) throws SQLException {
        try {
            database.briefly(connection -> {
                database.dialect().lockCatalog(connection);
                for (int next = version(connection) + 1; next <= VERSION; next++) {
                    run(connection, next);
                }
            });
        } catch (CommitUnknownException e) {
            throw e;
        } catch (SQLException e) {
            throw Dialect.isUnreachable(e) ? e : notAllowed(found, e);
        }
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
                ResultSet tables = statement.executeQuery(database.dialect().tablesExist())) {
            if (!tables.next()) {
                return 0;
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery("SELECT version FROM convoke_journal")) {
            return version.next() ? version.getInt(1) : 0;
        }
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
