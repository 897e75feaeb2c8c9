package dev.convoke.journal.internal;

import dev.convoke.journal.JournalOptions;
import dev.convoke.journal.UnsupportedDatabaseException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** What databases do each in their own way. Statements have {@code :now} for the time, and {@code :skip} where rows are claimed. */
public enum Dialect {
    /** One writer at a time, so that nothing has to be locked. */
    SQLITE(
            "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
            "",
            "SELECT 1 FROM sqlite_master WHERE name = 'convoke_journal'") {
        @Override
        void keep(Connection connection) {
            // said when the file was opened
        }

        @Override
        void requireSuits(JournalOptions options) {
            if (options.notifications().isPresent()) {
                throw new UnsupportedDatabaseException("SQLite has no notifications");
            }
        }

        @Override
        void ring(Connection connection, String sender) {
            // nobody could hear it
        }

        // A transaction that has only read may not write any more when another one has written.
        @Override
        void beginToWrite(Connection connection) throws SQLException {
            Database.execute(connection, "UPDATE convoke_journal SET generation = generation");
        }

        @Override
        void prepare(Connection connection, long idleMillis) {
            // a process that stands still inside a transaction keeps all others waiting: there is nobody who could end
            // it
        }

        @Override
        void lockLanes(Connection connection, Collection<Lane> lanes) {
            // whoever has the one write transaction has all of them
        }

        @Override
        void lockCatalog(Connection connection) {
            // likewise
        }

        @Override
        Set<Lane> tryLockLanes(Connection connection, Collection<Lane> lanes) {
            return new HashSet<>(lanes);
        }

        @Override
        boolean mayHaveCommitted(SQLException thrownByCommit) {
            String message = String.valueOf(thrownByCommit.getMessage());
            return !message.contains("SQLITE_BUSY") && !message.contains("SQLITE_FULL");
        }
    },

    /** PostgreSQL 13 and newer. */
    POSTGRESQL(
            "(extract(epoch FROM statement_timestamp()) * 1000)::bigint",
            "FOR UPDATE SKIP LOCKED",
            "SELECT 1 WHERE to_regclass('convoke_journal') IS NOT NULL") {
        @Override
        void keep(Connection connection) throws SQLException {
            Database.execute(
                    connection,
                    "SELECT set_config('synchronous_commit', 'on', true)"
                            + " WHERE current_setting('synchronous_commit') = 'off'");
        }

        @Override
        void requireSuits(JournalOptions options) {
            if (options.minFreeDisk() > 0) {
                throw new UnsupportedDatabaseException(
                        "the disk of a database server cannot be seen from here: use maxBacklog instead of minFreeDisk");
            }
        }

        @Override
        void ring(Connection connection, String sender) throws SQLException {
            try (PreparedStatement notify = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
                notify.setString(1, Bell.CHANNEL);
                notify.setString(2, sender);
                notify.execute();
            }
        }

        @Override
        void beginToWrite(Connection connection) {
            // it may at any time
        }

        // A table that grows from nothing to a million rows in a minute has no statistics for so long, and plans are
        // kept: so the
        // planner is not to do anything but walk along the indexes that the statements were written for.
        @Override
        void prepare(Connection connection, long idleMillis) throws SQLException {
            try (PreparedStatement set = connection.prepareStatement("""
                    SELECT set_config('idle_in_transaction_session_timeout', ?, true),
                        set_config('enable_seqscan', 'off', true),
                        set_config('enable_bitmapscan', 'off', true),
                        set_config('enable_sort', 'off', true)""")) {
                set.setString(1, Long.toString(idleMillis));
                set.execute();
            }
        }

        @Override
        void lockLanes(Connection connection, Collection<Lane> lanes) throws SQLException {
            try (Statement shared = connection.createStatement()) {
                shared.execute("SELECT pg_advisory_xact_lock_shared(" + CATALOG + ")");
            }
            if (!lanes.isEmpty()) {
                try (PreparedStatement lock = connection.prepareStatement(
                        "SELECT pg_advisory_xact_lock(k) FROM unnest(?::bigint[]) AS k ORDER BY k")) {
                    lock.setArray(1, keys(connection, lanes));
                    lock.execute();
                }
            }
        }

        @Override
        void lockCatalog(Connection connection) throws SQLException {
            try (Statement exclusive = connection.createStatement()) {
                exclusive.execute("SELECT pg_advisory_xact_lock(" + CATALOG + ")");
            }
        }

        @Override
        Set<Lane> tryLockLanes(Connection connection, Collection<Lane> lanes) throws SQLException {
            Set<Long> locked = new HashSet<>();
            try (PreparedStatement lock = connection.prepareStatement(
                    "SELECT k, pg_try_advisory_xact_lock(k) FROM unnest(?::bigint[]) AS k")) {
                lock.setArray(1, keys(connection, lanes));
                ResultSet keys = lock.executeQuery();
                while (keys.next()) {
                    if (keys.getBoolean(2)) {
                        locked.add(keys.getLong(1));
                    }
                }
            }
            Set<Lane> ours = new HashSet<>(lanes);
            ours.removeIf(lane -> !locked.contains(lane.lockKey()));
            return ours;
        }

        private Array keys(Connection connection, Collection<Lane> lanes) throws SQLException {
            Object[] keys =
                    lanes.stream().map(Lane::lockKey).distinct().sorted().toArray();
            return connection.createArrayOf("bigint", keys);
        }

        @Override
        boolean mayHaveCommitted(SQLException thrownByCommit) {
            String state = String.valueOf(thrownByCommit.getSQLState());
            return isConnectionLost(state) || state.startsWith("57P") || state.equals("null");
        }
    };

    /** Of the advisory lock that whoever publishes shares, and who adds a listener has alone: "convoke" in ASCII. */
    private static final long CATALOG = 0x636f6e766f6b65L;

    private final String now;
    private final String skip;
    private final String tablesExist;

    Dialect(String now, String skip, String tablesExist) {
        this.now = now;
        this.skip = skip;
        this.tablesExist = tablesExist;
    }

    /** A query that finds a row where the journal has tables. */
    final String tablesExist() {
        return tablesExist;
    }

    /** The statement as this database wants it. */
    final String sql(String statement) {
        return statement.replace(":now", now).replace(":skip", skip);
    }

    /** The name that scripts begin with. */
    final String scripts() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** When its commit returns, the transaction is on the disk, however the database is set up. */
    abstract void keep(Connection connection) throws SQLException;

    /** @throws UnsupportedDatabaseException if something is asked for that this database has not */
    abstract void requireSuits(JournalOptions options);

    /** Has other processes look for what is published, as soon as the transaction is committed. */
    abstract void ring(Connection connection, String sender) throws SQLException;

    /** A transaction of a user's is going to write, after it has read. */
    abstract void beginToWrite(Connection connection) throws SQLException;

    /**
     * What follows in this transaction is the journal's own, which knows its indexes; the transaction is ended when this process, as
     * a frozen one, asks nothing for so long, since others may wait for it.
     */
    abstract void prepare(Connection connection, long idleMillis) throws SQLException;

    /** Until the transaction ends, nobody else puts something into these lanes, and the listeners stay those that there are. */
    abstract void lockLanes(Connection connection, Collection<Lane> lanes) throws SQLException;

    /** Where the first line of an error ends; 0 where it has only one. */
    final String endOfLine() {
        return this == SQLITE ? "instr(error, char(10))" : "position(chr(10) in error)";
    }

    /** Until the transaction ends, nobody publishes. */
    abstract void lockCatalog(Connection connection) throws SQLException;

    /** Those of the lanes that nobody is putting something into, which until the transaction ends stays so. */
    abstract Set<Lane> tryLockLanes(Connection connection, Collection<Lane> lanes) throws SQLException;

    /** Whether a transaction whose commit threw this may be there all the same. */
    abstract boolean mayHaveCommitted(SQLException thrownByCommit);

    /** Whether the database could not be reached, or went away: what has nothing to do with what it was asked. */
    static boolean isUnreachable(SQLException thrown) {
        String state = String.valueOf(thrown.getSQLState());
        return isConnectionLost(state)
                || state.startsWith("57P")
                || thrown instanceof SQLTransientConnectionException
                || thrown instanceof SQLNonTransientConnectionException;
    }

    /** Whether the transaction had to give way to another one. */
    static boolean isDeadlock(SQLException thrown) {
        String state = String.valueOf(thrown.getSQLState());
        return state.equals("40P01") || state.equals("40001");
    }

    private static boolean isConnectionLost(String state) {
        return state.startsWith("08");
    }
}
