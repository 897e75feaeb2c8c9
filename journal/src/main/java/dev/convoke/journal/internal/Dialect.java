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

/** What databases do each in their own way. Statements have {@code :now} for the time, and {@code :skip} where rows are claimed, {@code :lock} where they are locked. */
public enum Dialect {
    /** One writer at a time, so that nothing has to be locked. */
    SQLITE("CAST(unixepoch('subsec') * 1000 AS INTEGER)", "", "") {
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
        void begin(Connection connection, long idleMillis) {
            // the file's settings were made when it was opened
        }

        @Override
        void bound(Connection connection, long idleMillis) {
            // a process that stands still inside a transaction keeps all others waiting: nobody could end it
        }

        @Override
        boolean tryLock(Connection connection, long key) {
            return true; // whoever has the one write transaction has all of them
        }

        @Override
        Set<Lane> tryLockLanes(Connection connection, long seed, Collection<Lane> lanes) {
            return new HashSet<>(lanes);
        }

        @Override
        boolean mayHaveCommitted(SQLException thrownByCommit) {
            String message = String.valueOf(thrownByCommit.getMessage());
            return !message.contains("SQLITE_BUSY") && !message.contains("SQLITE_FULL");
        }
    },

    /** PostgreSQL 13 and newer. */
    POSTGRESQL("(extract(epoch FROM statement_timestamp()) * 1000)::bigint", "FOR UPDATE SKIP LOCKED", "FOR UPDATE") {
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
        // kept: so
        // the planner is not to do anything but walk along the indexes that the statements were written for. Compiling
        // such
        // a plan would take longer than running it.
        @Override
        void begin(Connection connection, long idleMillis) throws SQLException {
            Database.execute(
                    connection,
                    "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE; "
                            + bounds(idleMillis)
                            + "; SELECT " + ON_DISK);
        }

        @Override
        void bound(Connection connection, long idleMillis) throws SQLException {
            Database.execute(connection, bounds(idleMillis));
        }

        private String bounds(long idleMillis) {
            return "SET LOCAL idle_in_transaction_session_timeout = " + idleMillis
                    + "; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = " + LONGEST_LOCK_WAIT_MILLIS
                    + "; SET LOCAL jit = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"
                    + "; SET LOCAL enable_sort = off";
        }

        @Override
        boolean tryLock(Connection connection, long key) throws SQLException {
            try (Statement lock = connection.createStatement();
                    ResultSet locked = lock.executeQuery("SELECT pg_try_advisory_xact_lock(" + key + ")")) {
                return locked.next() && locked.getBoolean(1);
            }
        }

        @Override
        Set<Lane> tryLockLanes(Connection connection, long seed, Collection<Lane> lanes) throws SQLException {
            Set<Long> locked = new HashSet<>();
            try (PreparedStatement lock = connection.prepareStatement(
                    "SELECT k, pg_try_advisory_xact_lock(k) FROM unnest(?::bigint[]) AS k")) {
                lock.setArray(1, keys(connection, seed, lanes));
                ResultSet keys = lock.executeQuery();
                while (keys.next()) {
                    if (keys.getBoolean(2)) {
                        locked.add(keys.getLong(1));
                    }
                }
            }
            Set<Lane> ours = new HashSet<>(lanes);
            ours.removeIf(lane -> !locked.contains(lane.lockKey(seed)));
            return ours;
        }

        private Array keys(Connection connection, long seed, Collection<Lane> lanes) throws SQLException {
            Object[] keys = lanes.stream()
                    .limit(MOST_LOCKS)
                    .map(lane -> lane.lockKey(seed))
                    .distinct()
                    .toArray();
            return connection.createArrayOf("bigint", keys);
        }

        @Override
        boolean mayHaveCommitted(SQLException thrownByCommit) {
            String state = String.valueOf(thrownByCommit.getSQLState());
            return isConnectionLost(state) || state.startsWith("57P") || state.equals("null");
        }
    };

    /** Has PostgreSQL answer this transaction's commit when it is on the disk. */
    private static final String ON_DISK = "CASE WHEN current_setting('synchronous_commit') = 'off'"
            + " THEN set_config('synchronous_commit', 'on', true) END";

    /** Transactions of the journal's own take milliseconds: one that waits longer for another's row tries again later. */
    private static final int LONGEST_LOCK_WAIT_MILLIS = 2_000;

    /** PostgreSQL's table of locks has 6,400 places by default, for everybody on the server. */
    static final int MOST_LOCKS = 200;

    private final String now;
    private final String skip;
    private final String lock;

    Dialect(String now, String skip, String lock) {
        this.now = now;
        this.skip = skip;
        this.lock = lock;
    }

    /** The statement as this database wants it. */
    final String sql(String statement) {
        return statement.replace(":now", now).replace(":skip", skip).replace(":lock", lock);
    }

    /** Locks the rows of one of the tables that a query reads, in the query's order; it waits for those that others have locked. */
    final String lockOf(String table) {
        return lock.isEmpty() ? "" : lock + " OF " + table;
    }

    /** The name that scripts begin with. */
    final String scripts() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws UnsupportedDatabaseException if something is asked for that this database has not */
    abstract void requireSuits(JournalOptions options);

    /** Has other processes look for what is published, as soon as the transaction is committed. */
    abstract void ring(Connection connection, String sender) throws SQLException;

    /** A transaction of a user's is going to write, after it has read. */
    abstract void beginToWrite(Connection connection) throws SQLException;

    /**
     * Makes the transaction that has just begun suit the journal, whatever the role's, the pool's or the database's settings are:
     * it sees what others have committed, is on the disk when its commit returns, and is ended by the database when this process
     * stands still inside it for so long.
     */
    abstract void begin(Connection connection, long idleMillis) throws SQLException;

    /** Bounds what is left of a transaction in which the application has worked so far. */
    abstract void bound(Connection connection, long idleMillis) throws SQLException;

    /** Takes this lock until the transaction ends, unless somebody has it; never waits. */
    abstract boolean tryLock(Connection connection, long key) throws SQLException;

    /** Where the first line of an error ends; 0 where it has only one. */
    final String endOfLine() {
        return this == SQLITE ? "instr(error, char(10))" : "position(chr(10) in error)";
    }

    /**
     * Locks these lanes until the transaction ends, and returns those of them that nobody else had locked, and that were not too
     * many; never waits. Who has a lane locked is alone in deciding which of its deliveries goes next.
     */
    abstract Set<Lane> tryLockLanes(Connection connection, long seed, Collection<Lane> lanes) throws SQLException;

    /** What an INSERT ends with that is on the disk when the commit of its transaction returns. */
    final String onDisk() {
        return this == SQLITE ? "" : " RETURNING " + ON_DISK;
    }

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

    /** Whether the transaction had to give way to another one, and may succeed when it is tried again. */
    static boolean isPassing(SQLException thrown) {
        String state = String.valueOf(thrown.getSQLState());
        return state.equals("40P01") || state.equals("40001") || state.equals("55P03");
    }

    private static boolean isConnectionLost(String state) {
        return state.startsWith("08");
    }
}
