package dev.convoke.journal.internal;

import dev.convoke.journal.JournalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Transactions in one database.
 *
 * <p>Thread-safe.
 */
public abstract class Database implements AutoCloseable {
    private final Dialect dialect;

    /** How long a transaction of ours may stand still. */
    private volatile long idleMillis = TimeUnit.MINUTES.toMillis(1);

    Database(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Has transactions of the journal's own ended when they stand still for so long. */
    final void endIdleAfter(long millis) {
        idleMillis = millis;
    }

    /** What follows in this transaction is the journal's own. */
    final void prepare(Connection connection) throws SQLException {
        dialect.prepare(connection, idleMillis);
    }

    /** {@link #transaction} for what runs no code of a user's: it is ended when this process stands still inside. */
    final <T extends @Nullable Object> T brief(Work<T, RuntimeException> work) throws SQLException {
        return this.<T, RuntimeException>transaction(connection -> {
            prepare(connection);
            return work.in(connection);
        });
    }

    /**
     * {@link #brief} for somebody who asks.
     *
     * @throws JournalException where it fails, which says so
     */
    final <T extends @Nullable Object> T ask(String failure, Work<T, RuntimeException> work) {
        try {
            return brief(work);
        } catch (SQLException e) {
            throw new JournalException(failure + ": " + e.getMessage(), e);
        }
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object, X extends Exception> {
        T in(Connection connection) throws SQLException, X;
    }

    final Dialect dialect() {
        return dialect;
    }

    /**
     * Does the work in a transaction of its own.
     *
     * @throws CommitUnknownException if it may have been committed or not
     * @throws SQLException if it was not committed
     * @throws X what the work threw; it was not committed
     */
    abstract <T extends @Nullable Object, X extends Exception> T transaction(Work<T, X> work) throws SQLException, X;

    /** What is done in a transaction, and gives nothing. */
    @FunctionalInterface
    interface Step<X extends Exception> {
        void in(Connection connection) throws SQLException, X;
    }

    /** Does the step in a transaction of its own, with the exceptions of {@link #transaction}. */
    final <X extends Exception> void run(Step<X> step) throws SQLException, X {
        Boolean unused = this.<Boolean, X>transaction(connection -> {
            step.in(connection);
            return true;
        });
    }

    /** {@link #run} for what runs no code of a user's. */
    final void briefly(Step<RuntimeException> step) throws SQLException {
        this.<RuntimeException>run(connection -> {
            prepare(connection);
            step.in(connection);
        });
    }

    /** Why nothing that is written now would be kept, or null. */
    @Nullable String trouble() {
        return null;
    }

    /** Bytes that are free on the database's disk, where that can be seen from here. */
    abstract long freeDisk() throws SQLException;

    /** Whether this is a connection of our own, in a transaction of this thread's. */
    boolean isWithin(Connection connection) {
        return false;
    }

    /** From now on, transactions wait for others' no longer than it takes to see that these do not end. */
    void hurry() {}

    @Override
    public abstract void close();

    void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
    }

    void commit(Connection connection) throws SQLException {
        connection.commit();
    }

    void rollback(Connection connection) throws SQLException {
        connection.rollback();
    }

    /** Does the work in a transaction of this connection, which is in none. */
    final <T extends @Nullable Object, X extends Exception> T transaction(Connection connection, Work<T, X> work)
            throws SQLException, X {
        boolean committing = false;
        boolean done = false;
        begin(connection);
        try {
            T result = work.in(connection);
            committing = true;
            commit(connection);
            done = true;
            return result;
        } catch (SQLException e) {
            throw committing && dialect.mayHaveCommitted(e) ? new CommitUnknownException(e) : e;
        } finally {
            if (!done) {
                rollBack(connection);
            }
        }
    }

    private void rollBack(Connection connection) {
        try {
            rollback(connection);
        } catch (SQLException e) {
            Log.debug("a transaction could not be rolled back: its connection is gone", e);
        }
    }

    /** One that a user's pool or driver makes connections to. */
    static final class Pooled extends Database {
        private final DataSource dataSource;

        Pooled(DataSource dataSource, Dialect dialect) {
            super(dialect);
            this.dataSource = dataSource;
        }

        @Override
        <T extends @Nullable Object, X extends Exception> T transaction(Work<T, X> work) throws SQLException, X {
            Connection connection = dataSource.getConnection();
            try {
                return transaction(connection, work);
            } finally {
                giveBack(connection);
            }
        }

        /** Whatever comes of that: the transaction has its end. */
        private static void giveBack(Connection connection) {
            try (connection) {
                connection.setAutoCommit(true);
            } catch (SQLException e) {
                Log.debug("a connection that is gone is given back", e);
            }
        }

        @Override
        long freeDisk() {
            return Long.MAX_VALUE; // nobody asks: see Dialect.requireSuits
        }

        @Override
        public void close() {
            // the data source is the user's
        }
    }

    /** A file of SQLite's, through one connection: there is one writer at a time whoever asks. */
    static final class File extends Database {
        /** How long a transaction waits for those of other processes, and in this one for those before it. */
        private static final int BUSY_MILLIS = 10_000;

        /** The same when all is about to end. */
        private static final int LAST_MILLIS = 1_000;

        private final Path path;
        private volatile int patienceMillis = BUSY_MILLIS;
        private final ReentrantLock turn = new ReentrantLock(true);

        /** Guarded by the turn, as is the next. */
        private @Nullable Connection connection;

        private boolean isClosed;

        /** Which file it is that has what was accepted. */
        private volatile @Nullable Object key;

        File(Path path) {
            super(Dialect.SQLITE);
            this.path = path.toAbsolutePath(); // so that none is taken for one of SQLite's own names
        }

        @Override
        <T extends @Nullable Object, X extends Exception> T transaction(Work<T, X> work) throws SQLException, X {
            takeTurn();
            try {
                return transaction(connection(), work);
            } catch (SQLException e) {
                closeConnection(); // whatever state it is in
                throw e;
            } finally {
                turn.unlock();
            }
        }

        @Override
        boolean isWithin(Connection asked) {
            return turn.isHeldByCurrentThread() && asked.equals(connection);
        }

        @Override
        long freeDisk() throws SQLException {
            try {
                return Files.getFileStore(path).getUsableSpace();
            } catch (IOException e) {
                throw new SQLException("the disk of " + path + " does not say how much is free on it", e);
            }
        }

        @Override
        void hurry() {
            patienceMillis = LAST_MILLIS;
        }

        private void takeTurn() throws SQLException {
            try {
                if (turn.isHeldByCurrentThread() || !turn.tryLock(patienceMillis, TimeUnit.MILLISECONDS)) {
                    throw new SQLException("SQLITE_BUSY: another transaction in this process takes longer than "
                            + patienceMillis + " ms: " + path);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SQLException("interrupted while waiting for another transaction", e);
            }
            if (isClosed) {
                turn.unlock();
                throw new SQLException("the journal is closed");
            }
        }

        private Connection connection() throws SQLException {
            Connection known = connection;
            if (known == null) {
                known = open();
                connection = known;
            }
            return known;
        }

        private Connection open() throws SQLException {
            Properties settings = new Properties();
            settings.setProperty("journal_mode", "WAL");
            settings.setProperty("synchronous", "FULL");
            settings.setProperty("busy_timeout", Integer.toString(BUSY_MILLIS));
            try {
                Connection opened = DriverManager.getConnection("jdbc:sqlite:" + path, settings);
                if (key == null) {
                    key = keyOfFile();
                }
                return opened;
            } catch (SQLException | IOException e) {
                throw new SQLException(path + " cannot be opened: " + e.getMessage(), e);
            }
        }

        /** Null where files have none, as on Windows, which lets nobody take an open file away. */
        private @Nullable Object keyOfFile() throws IOException {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        }

        @Override
        @Nullable String trouble() {
            try {
                return Objects.equals(key, keyOfFile()) ? null : path + " is another file than the one that was opened";
            } catch (IOException e) {
                return path + " is not there any more: " + e;
            }
        }

        // The driver's own transactions begin with the end of the one before, and would hold the file while nothing is
        // done.

        @Override
        void begin(Connection connection) throws SQLException {
            execute(connection, "BEGIN IMMEDIATE");
        }

        @Override
        void commit(Connection connection) throws SQLException {
            execute(connection, "COMMIT");
        }

        @Override
        void rollback(Connection connection) throws SQLException {
            execute(connection, "ROLLBACK");
        }

        private void closeConnection() {
            Connection known = connection;
            connection = null;
            if (known != null) {
                try {
                    known.close();
                } catch (SQLException e) {
                    Log.debug("a broken connection could not be closed", e);
                }
            }
        }

        @Override
        public void close() {
            try {
                if (turn.tryLock(1, TimeUnit.SECONDS)) {
                    isClosed = true;
                    closeConnection();
                    turn.unlock();
                } else {
                    Log.warn(path + " stays open: a transactional listener does not end", new IllegalStateException());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Runs one statement that has no parameters. */
    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
