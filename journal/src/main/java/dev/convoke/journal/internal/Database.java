package dev.convoke.journal.internal;

import dev.convoke.journal.JournalException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Transactions in one database.
 *
 * <p>Thread-safe.
 */
public abstract class Database implements AutoCloseable {
    /** How long the database may be silent in transactions that take milliseconds when it is well. */
    static final int BRIEF_MILLIS = 10_000;

    /** The same for what an operator asks. */
    private static final int ASKED_MILLIS = 120_000;

    /** As the application has set up its connections. */
    private static final int UNBOUNDED = 0;

    private final Dialect dialect;

    private final Map<String, String> statements = new ConcurrentHashMap<>();

    /** How long a transaction of the journal's own may stand still. */
    private volatile long idleMillis = TimeUnit.MINUTES.toMillis(1);

    Database(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Has transactions of the journal's own ended by the database when they stand still for so long. */
    final void endIdleAfter(long millis) {
        idleMillis = millis;
    }

    /** Bounds what is left of a transaction in which the application has worked so far. */
    void bound(Connection connection) throws SQLException {
        dialect.bound(connection, idleMillis);
    }

    /** The statement as this database wants it: with its clock, its way of skipping locked rows, and where the tables are. */
    final String sql(String statement) {
        return statements.computeIfAbsent(statement, text -> qualified(dialect.sql(text)));
    }

    /** The statement with the tables' names as they are found from every connection. */
    String qualified(String statement) {
        return statement;
    }

    /** Makes a statement on a connection of the application's suit whatever is between here and the database. */
    void adapt(PreparedStatement statement) throws SQLException {
        // as it is
    }

    /** A number that this journal's locks are made of, so that they are not those of one in another schema. */
    long lockSeed() {
        return 0;
    }

    /** Takes the journal's one lock of this name until the transaction ends, unless another process has it; never waits. */
    final boolean tryLock(Connection connection, String name) throws SQLException {
        return dialect.tryLock(connection, new Lane(name, "").lockKey(lockSeed()));
    }

    /** {@link Dialect#tryLockLanes}. */
    final Set<Lane> tryLockLanes(Connection connection, Collection<Lane> lanes) throws SQLException {
        return lanes.isEmpty() ? Set.of() : dialect.tryLockLanes(connection, lockSeed(), lanes);
    }

    /** {@link #transaction} for what runs no code of a user's: it is ended when this process stands still inside. */
    final <T extends @Nullable Object> T brief(Work<T, RuntimeException> work) throws SQLException {
        return this.<T, RuntimeException>transaction(own(work), BRIEF_MILLIS);
    }

    /** {@link #brief} for what may take minutes. */
    final <T extends @Nullable Object> T patiently(Work<T, RuntimeException> work) throws SQLException {
        return this.<T, RuntimeException>transaction(own(work), UNBOUNDED);
    }

    private <T extends @Nullable Object> Work<T, RuntimeException> own(Work<T, RuntimeException> work) {
        return connection -> {
            dialect.begin(connection, idleMillis);
            return work.in(connection);
        };
    }

    /**
     * {@link #brief} for somebody who asks.
     *
     * @throws JournalException where it fails, which says so
     */
    final <T extends @Nullable Object> T ask(String failure, Work<T, RuntimeException> work) {
        try {
            return this.<T, RuntimeException>transaction(own(work), ASKED_MILLIS);
        } catch (SQLException e) {
            throw new JournalException(failure + ": " + e.getMessage(), e);
        }
    }

    /** {@link #brief} for somebody who asks and has time: tries again where the transaction had to give way to another one. */
    final <T extends @Nullable Object> T askUntilItPasses(Work<T, RuntimeException> work) throws SQLException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ASKED_MILLIS);
        while (true) {
            try {
                return this.<T, RuntimeException>transaction(own(work), ASKED_MILLIS);
            } catch (SQLException e) {
                if (!Dialect.isPassing(e) || until - System.nanoTime() <= 0) {
                    throw e;
                }
            }
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
    final <T extends @Nullable Object, X extends Exception> T transaction(Work<T, X> work) throws SQLException, X {
        return transaction(work, UNBOUNDED);
    }

    /**
     * {@link #transaction} whose connection is given up when the database is silent for so long, as it is behind a network that
     * lets nothing through.
     */
    abstract <T extends @Nullable Object, X extends Exception> T transaction(Work<T, X> work, int silentMillis)
            throws SQLException, X;

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
        Boolean unused = brief(connection -> {
            step.in(connection);
            return true;
        });
    }

    // ---- one statement ----

    /** Says how many rows it has changed. */
    final int update(Connection connection, String sql, String... values) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql(sql))) {
            set(update, values);
            return update.executeUpdate();
        }
    }

    /** The first column of the first row; null where there is none. */
    final @Nullable String text(Connection connection, String sql, String... values) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql(sql))) {
            set(select, values);
            ResultSet row = select.executeQuery();
            return row.next() ? row.getString(1) : null;
        }
    }

    /** The first column of all rows. */
    final List<String> texts(Connection connection, String sql, String... values) throws SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql(sql))) {
            set(select, values);
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    private static void set(PreparedStatement statement, String... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setString(i + 1, values[i]);
        }
    }

    /** A connection for one thread, which keeps it. */
    abstract Kept keep();

    /**
     * A connection that one thread keeps, and replaces when it breaks. Confined to that thread.
     */
    abstract class Kept implements AutoCloseable {
        private @Nullable Connection connection;

        /** A connection whose network answers within seconds, or is given up. */
        abstract Connection connect() throws SQLException;

        <T extends @Nullable Object> T within(Connection own, Work<T, RuntimeException> work) throws SQLException {
            return Database.this.<T, RuntimeException>transaction(own, own(work));
        }

        /** {@link Database#brief} on this connection. */
        final <T extends @Nullable Object> T brief(Work<T, RuntimeException> work) throws SQLException {
            Connection known = connection;
            if (known == null) {
                known = connect();
                connection = known;
            }
            boolean done = false;
            try {
                T result = within(known, work);
                done = true;
                return result;
            } finally {
                if (!done) {
                    close();
                }
            }
        }

        /** Gives the connection back. */
        @Override
        public void close() {
            Connection known = connection;
            connection = null;
            if (known != null) {
                giveBack(known);
            }
        }
    }

    /** Gives back a connection, whatever state it is in: its transaction has ended. */
    void giveBack(Connection connection) {
        try (connection) {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            Log.debug("a connection that is gone is given back", e);
        }
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

    /** Runs one statement that has no parameters. */
    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
