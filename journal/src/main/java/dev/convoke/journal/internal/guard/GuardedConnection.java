package dev.convoke.journal.internal.guard;

import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.ShardingKey;
import java.sql.Statement;
import java.sql.Struct;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The connection that a transactional listener gets. It does all that the driver's does but to end, leave or change the transaction, which is
 * the journal's to commit; it refuses that at once, and again when the listener has returned, so that its delivery fails whatever the
 * listener makes of the refusal.
 *
 * <p>What gets around it ({@link #unwrap}, a script of several statements, a procedure) and ends the transaction is noticed by a savepoint
 * that is gone: the delivery fails then, too, but what was committed by that is committed.
 *
 * <p>As thread-safe as the driver's own.
 */
public final class GuardedConnection implements Connection {
    private static final String MARK = "convoke_delivery";

    private final Connection delegate;
    private final Set<GuardedStatement> statements = ConcurrentHashMap.newKeySet();
    private final AtomicInteger savepoints = new AtomicInteger();

    /** Whether the transaction has its savepoint. */
    private final AtomicBoolean marked = new AtomicBoolean();

    private volatile boolean ended;

    /** What the listener tried first of what it must not. */
    private volatile @Nullable SQLException refusal;

    private GuardedConnection(Connection delegate) {
        this.delegate = delegate;
    }

    // ---- for whoever has the transaction ----

    /** Guards a connection that is in a transaction. The database hears nothing of that before the listener uses it. */
    public static GuardedConnection begin(Connection connection) {
        return new GuardedConnection(connection);
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** From now on this is of no use to anybody, nor are its statements. */
    public void end() {
        ended = true;
        for (GuardedStatement statement : statements) {
            closeQuietly(statement);
        }
    }

    private static void closeQuietly(GuardedStatement statement) {
        try {
            statement.close();
        } catch (SQLException ignored) {
            // the transaction tells
        }
    }

    /**
     * Makes sure that the transaction is the one that it was at the beginning.
     *
     * @throws SQLException if it is another one, or if the listener tried to end it
     */
    public void requireSameTransaction() throws SQLException {
        SQLException tried = refusal;
        if (tried != null) {
            throw new SQLException(
                    "the delivery fails, as its listener did what it must not: " + tried.getMessage(), tried);
        }
        if (!marked.get()) {
            return;
        }
        try {
            run(delegate, "RELEASE SAVEPOINT " + MARK);
        } catch (SQLException e) {
            throw LostTransaction.explained(e);
        }
    }

    // ---- for the statements ----

    Connection open() throws SQLException {
        if (ended) {
            throw new SQLException("the delivery has ended, and with it the connection that its listener was given");
        }
        if (marked.compareAndSet(false, true)) {
            run(delegate, "SAVEPOINT " + MARK);
        }
        return delegate;
    }

    void forget(GuardedStatement statement) {
        statements.remove(statement);
    }

    /** The statement, if it leaves the transaction as it is. */
    String allowed(String sql) throws SQLException {
        String word = TransactionSql.endsTransaction(sql);
        if (word != null) {
            throw refused("run " + word);
        }
        return sql;
    }

    private SQLException refused(String what) {
        SQLException tried = new SQLException("a transactional listener must not " + what
                + ": the journal commits what it writes together with the end of its delivery");
        if (refusal == null) {
            refusal = tried;
        }
        return tried;
    }

    private Statement guarded(Statement statement) {
        GuardedStatement guarded = new GuardedStatement(this, statement);
        statements.add(guarded);
        return guarded;
    }

    private PreparedStatement guarded(PreparedStatement statement) {
        GuardedPreparedStatement guarded = new GuardedPreparedStatement(this, statement);
        statements.add(guarded);
        return guarded;
    }

    // ---- what is refused ----

    @Override
    public void commit() throws SQLException {
        throw refused("commit");
    }

    @Override
    public void rollback() throws SQLException {
        throw refused("roll back; let it throw instead, or roll back to a savepoint of its own");
    }

    @Override
    public void close() throws SQLException {
        throw refused("close the connection");
    }

    @Override
    public void abort(Executor executor) throws SQLException {
        throw refused("abort the connection");
    }

    @Override
    public void setAutoCommit(boolean on) throws SQLException {
        if (on) {
            throw refused("switch on auto-commit");
        }
    }

    @Override
    public void setReadOnly(boolean on) throws SQLException {
        if (on) {
            throw refused("make the connection read-only");
        }
    }

    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        if (level != open().getTransactionIsolation()) {
            throw refused("change the isolation of the transaction");
        }
    }

    /** As seen by the listener: it is in a transaction. */
    @Override
    public boolean getAutoCommit() throws SQLException {
        open();
        return false;
    }

    @Override
    public boolean isClosed() throws SQLException {
        return ended || delegate.isClosed();
    }

    // ---- savepoints, by SQL: SQLite's driver knows only transactions that it has begun itself ----

    @Override
    public Savepoint setSavepoint() throws SQLException {
        return set(GuardedSavepoint.unnamed(savepoints.incrementAndGet()));
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        return set(GuardedSavepoint.named(name));
    }

    private Savepoint set(GuardedSavepoint savepoint) throws SQLException {
        run(open(), "SAVEPOINT " + savepoint.quoted());
        return savepoint;
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        run(open(), "ROLLBACK TO SAVEPOINT " + own(savepoint).quoted());
    }

    @Override
    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        run(open(), "RELEASE SAVEPOINT " + own(savepoint).quoted());
    }

    private GuardedSavepoint own(Savepoint savepoint) throws SQLException {
        if (savepoint instanceof GuardedSavepoint own && !own.name().equals(MARK)) {
            return own;
        }
        throw refused("use a savepoint that it has not set");
    }

    // ---- the driver's own objects ----

    /**
     * Gives what the driver has beyond JDBC, as PostgreSQL's PGConnection. By that, the transaction can be ended: that is noticed only
     * when the listener has returned.
     */
    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : open().unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || open().isWrapperFor(type);
    }

    // ---- what is the driver's affair ----

    @Override
    public void beginRequest() throws SQLException {
        open().beginRequest();
    }

    @Override
    public void clearWarnings() throws SQLException {
        open().clearWarnings();
    }

    @Override
    public Array createArrayOf(String typeName, Object[] values) throws SQLException {
        return open().createArrayOf(typeName, values);
    }

    @Override
    public Blob createBlob() throws SQLException {
        return open().createBlob();
    }

    @Override
    public Clob createClob() throws SQLException {
        return open().createClob();
    }

    @Override
    public NClob createNClob() throws SQLException {
        return open().createNClob();
    }

    @Override
    public SQLXML createSQLXML() throws SQLException {
        return open().createSQLXML();
    }

    @Override
    public Statement createStatement() throws SQLException {
        return guarded(open().createStatement());
    }

    @Override
    public Statement createStatement(int type, int concurrency) throws SQLException {
        return guarded(open().createStatement(type, concurrency));
    }

    @Override
    public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
        return guarded(open().createStatement(type, concurrency, holdability));
    }

    @Override
    public Struct createStruct(String typeName, Object[] values) throws SQLException {
        return open().createStruct(typeName, values);
    }

    @Override
    public void endRequest() throws SQLException {
        open().endRequest();
    }

    @Override
    public String getCatalog() throws SQLException {
        return open().getCatalog();
    }

    @Override
    public Properties getClientInfo() throws SQLException {
        return open().getClientInfo();
    }

    @Override
    public String getClientInfo(String value) throws SQLException {
        return open().getClientInfo(value);
    }

    @Override
    public int getHoldability() throws SQLException {
        return open().getHoldability();
    }

    @Override
    public DatabaseMetaData getMetaData() throws SQLException {
        return open().getMetaData();
    }

    @Override
    public int getNetworkTimeout() throws SQLException {
        return open().getNetworkTimeout();
    }

    @Override
    public String getSchema() throws SQLException {
        return open().getSchema();
    }

    @Override
    public int getTransactionIsolation() throws SQLException {
        return open().getTransactionIsolation();
    }

    @Override
    public Map<String, Class<?>> getTypeMap() throws SQLException {
        return open().getTypeMap();
    }

    @Override
    public SQLWarning getWarnings() throws SQLException {
        return open().getWarnings();
    }

    @Override
    public boolean isReadOnly() throws SQLException {
        return open().isReadOnly();
    }

    @Override
    public boolean isValid(int value) throws SQLException {
        return open().isValid(value);
    }

    @Override
    public String nativeSQL(String sql) throws SQLException {
        return open().nativeSQL(sql);
    }

    @Override
    public CallableStatement prepareCall(String sql) throws SQLException {
        return open().prepareCall(allowed(sql));
    }

    @Override
    public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
        return open().prepareCall(allowed(sql), type, concurrency);
    }

    @Override
    public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability) throws SQLException {
        return open().prepareCall(allowed(sql), type, concurrency, holdability);
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        return guarded(open().prepareStatement(allowed(sql)));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int keys) throws SQLException {
        return guarded(open().prepareStatement(allowed(sql), keys));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int[] columns) throws SQLException {
        return guarded(open().prepareStatement(allowed(sql), columns));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, String[] columns) throws SQLException {
        return guarded(open().prepareStatement(allowed(sql), columns));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency) throws SQLException {
        return guarded(open().prepareStatement(allowed(sql), type, concurrency));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        return guarded(open().prepareStatement(allowed(sql), type, concurrency, holdability));
    }

    @Override
    public void setCatalog(String value) throws SQLException {
        open().setCatalog(value);
    }

    @Override
    public void setClientInfo(Properties value) throws SQLClientInfoException {
        delegate.setClientInfo(value);
    }

    @Override
    public void setClientInfo(String name, String value) throws SQLClientInfoException {
        delegate.setClientInfo(name, value);
    }

    @Override
    public void setHoldability(int value) throws SQLException {
        open().setHoldability(value);
    }

    @Override
    public void setNetworkTimeout(Executor executor, int timeout) throws SQLException {
        open().setNetworkTimeout(executor, timeout);
    }

    @Override
    public void setSchema(String value) throws SQLException {
        open().setSchema(value);
    }

    @Override
    public void setShardingKey(ShardingKey key) throws SQLException {
        open().setShardingKey(key);
    }

    @Override
    public void setShardingKey(ShardingKey key, ShardingKey superKey) throws SQLException {
        open().setShardingKey(key, superKey);
    }

    @Override
    public boolean setShardingKeyIfValid(ShardingKey key, int timeout) throws SQLException {
        return open().setShardingKeyIfValid(key, timeout);
    }

    @Override
    public boolean setShardingKeyIfValid(ShardingKey key, ShardingKey superKey, int timeout) throws SQLException {
        return open().setShardingKeyIfValid(key, superKey, timeout);
    }

    @Override
    public void setTypeMap(Map<String, Class<?>> value) throws SQLException {
        open().setTypeMap(value);
    }
}
