package dev.convoke.journal.internal;

import dev.convoke.journal.JournalOptions;
import dev.convoke.journal.UnsupportedDatabaseException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** Finds out what database there is, and refuses one that does not suit a journal before anything is written. */
public final class Databases {
    private static final int OLDEST_POSTGRESQL = 13;

    private Databases() {}

    /** A file of SQLite's. */
    public static Database file(Path path, JournalOptions options) {
        if (options.schema().isPresent()) {
            throw new UnsupportedDatabaseException(
                    "a file of SQLite's has no schemas: leave out JournalOptions.schema");
        }
        try {
            Class.forName("org.sqlite.JDBC", false, Databases.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new UnsupportedDatabaseException(
                    "a journal in a file needs org.xerial:sqlite-jdbc, which is not on the class path");
        }
        return new FileDatabase(path);
    }

    /**
     * The database behind a data source.
     *
     * @throws UnsupportedDatabaseException if it does not suit a journal
     */
    public static Database behind(DataSource dataSource, JournalOptions options) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            DatabaseMetaData about = connection.getMetaData();
            return switch (about.getDatabaseProductName()) {
                case "PostgreSQL" -> postgresql(dataSource, connection, options);
                case "SQLite" ->
                    throw new UnsupportedDatabaseException(
                            "SQLite is opened by its file, as the journal has to say how it writes: JdbcJournal.sqlite(path)");
                case "H2" ->
                    throw new UnsupportedDatabaseException(
                            "H2 does not keep all that it has committed when its process is killed: use SQLite or PostgreSQL");
                default ->
                    throw new UnsupportedDatabaseException(
                            "no journal is kept in "
                                    + about.getDatabaseProductName()
                                    + ", of which it was not shown that it keeps what it has committed: use SQLite or PostgreSQL");
            };
        }
    }

    private static Database postgresql(DataSource dataSource, Connection connection, JournalOptions options)
            throws SQLException {
        requireGenuine(connection);
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < OLDEST_POSTGRESQL) {
            throw new UnsupportedDatabaseException(
                    "PostgreSQL " + version + " is too old for a journal: it takes 13 or newer");
        }
        if ("t".equals(PooledDatabase.read(connection, "SELECT pg_is_in_recovery()"))) {
            throw new UnsupportedDatabaseException(
                    "this PostgreSQL server is a read-only standby: connect the journal to the primary server");
        }
        requireReadCommitted(connection);
        requireWritable(connection);
        boolean isBehindPooler = isBehindPooler(connection);
        String schema = schema(connection, options.schema());
        endTransaction(connection);
        return new PooledDatabase(dataSource, schema, isBehindPooler);
    }

    /** Others answer to PostgreSQL's protocol, and lack what the journal's promises rest on. */
    private static void requireGenuine(Connection connection) throws SQLException {
        String version = String.valueOf(PooledDatabase.read(connection, "SELECT version()"));
        Optional<String> other = Stream.of(
                        "CockroachDB", "-YB-", "Yugabyte", "Redshift", "Materialize", "Greenplum", "CrateDB")
                .filter(version::contains)
                .findFirst();
        if (other.isPresent() || !version.startsWith("PostgreSQL")) {
            throw new UnsupportedDatabaseException("this database only speaks PostgreSQL's protocol; its advisory locks"
                    + " and row locks, on which order by key rests, are not PostgreSQL's: use PostgreSQL 13 or newer."
                    + " It calls itself: " + version);
        }
    }

    /**
     * The journal's own transactions are READ COMMITTED whatever the default is; but a transactional listener's is of the data
     * source's, and at a higher level the database would end it for what others do, as often as its retries allow.
     */
    private static void requireReadCommitted(Connection connection) throws SQLException {
        if (connection.getTransactionIsolation() > Connection.TRANSACTION_READ_COMMITTED) {
            throw new UnsupportedDatabaseException("this data source's transactions are "
                    + PooledDatabase.read(connection, "SHOW transaction_isolation")
                    + ", by the pool's transaction isolation or by default_transaction_isolation of the role or the database;"
                    + " the journal needs READ COMMITTED: give it a data source of its own, or set the pool's isolation. The transactions that publishWithin is called in"
                    + " may have any level");
        }
    }

    private static void requireWritable(Connection connection) throws SQLException {
        if ("on".equals(PooledDatabase.read(connection, "SHOW transaction_read_only"))) {
            throw new UnsupportedDatabaseException(
                    "this data source's transactions are read-only, by the pool or by"
                            + " default_transaction_read_only of the role or the database: give the journal a data source of its own");
        }
    }

    /** A pooler hands out processes of the server as it likes, and tells the driver a number of its own. */
    private static boolean isBehindPooler(Connection connection) throws SQLException {
        String server = PooledDatabase.read(connection, "SELECT pg_backend_pid()");
        return !String.valueOf(connection.unwrap(PGConnection.class).getBackendPID())
                .equals(server);
    }

    private static String schema(Connection connection, Optional<String> wanted) throws SQLException {
        if (wanted.isPresent()) {
            return existing(connection, wanted.get());
        }
        String found = PooledDatabase.read(connection, """
                SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.oid = to_regclass('convoke_journal')""");
        String schema = found == null ? PooledDatabase.read(connection, "SELECT current_schema()") : found;
        if (schema == null) {
            throw new UnsupportedDatabaseException("no schema of this role's search_path is there, which is "
                    + PooledDatabase.read(connection, "SHOW search_path")
                    + ": say where the journal's tables are by JournalOptions.schema(\"…\")");
        }
        return schema;
    }

    private static String existing(Connection connection, String schema) throws SQLException {
        try (var select = connection.prepareStatement("SELECT nspname FROM pg_namespace WHERE nspname = ?")) {
            select.setString(1, schema);
            if (!select.executeQuery().next()) {
                throw new UnsupportedDatabaseException("there is no schema \"" + schema
                        + "\" in this database: have its owner run CREATE SCHEMA, or leave out JournalOptions.schema");
            }
            return schema;
        }
    }

    private static void endTransaction(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
    }
}
