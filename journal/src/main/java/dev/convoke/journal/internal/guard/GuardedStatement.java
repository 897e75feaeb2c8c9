package dev.convoke.journal.internal.guard;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;

/**
 * A statement of a {@link GuardedConnection}: it knows no other connection, does not end the transaction, and is of no use after it.
 *
 * <p>As thread-safe as the driver's own.
 */
class GuardedStatement implements Statement {
    final GuardedConnection connection;
    private final Statement delegate;

    GuardedStatement(GuardedConnection connection, Statement delegate) {
        this.connection = connection;
        this.delegate = delegate;
    }

    private Statement open() throws SQLException {
        connection.open();
        return delegate;
    }

    @Override
    public Connection getConnection() {
        return connection;
    }

    @Override
    public void close() throws SQLException {
        connection.forget(this);
        delegate.close();
    }

    @Override
    public boolean isClosed() throws SQLException {
        return delegate.isClosed();
    }

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
    public void addBatch(String sql) throws SQLException {
        open().addBatch(connection.allowed(sql));
    }

    @Override
    public void cancel() throws SQLException {
        open().cancel();
    }

    @Override
    public void clearBatch() throws SQLException {
        open().clearBatch();
    }

    @Override
    public void clearWarnings() throws SQLException {
        open().clearWarnings();
    }

    @Override
    public void closeOnCompletion() throws SQLException {
        open().closeOnCompletion();
    }

    @Override
    public boolean execute(String sql) throws SQLException {
        return open().execute(connection.allowed(sql));
    }

    @Override
    public boolean execute(String sql, int keys) throws SQLException {
        return open().execute(connection.allowed(sql), keys);
    }

    @Override
    public boolean execute(String sql, int[] columns) throws SQLException {
        return open().execute(connection.allowed(sql), columns);
    }

    @Override
    public boolean execute(String sql, String[] columns) throws SQLException {
        return open().execute(connection.allowed(sql), columns);
    }

    @Override
    public int[] executeBatch() throws SQLException {
        return open().executeBatch();
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        return open().executeLargeBatch();
    }

    @Override
    public long executeLargeUpdate(String sql) throws SQLException {
        return open().executeLargeUpdate(connection.allowed(sql));
    }

    @Override
    public long executeLargeUpdate(String sql, int keys) throws SQLException {
        return open().executeLargeUpdate(connection.allowed(sql), keys);
    }

    @Override
    public long executeLargeUpdate(String sql, int[] columns) throws SQLException {
        return open().executeLargeUpdate(connection.allowed(sql), columns);
    }

    @Override
    public long executeLargeUpdate(String sql, String[] columns) throws SQLException {
        return open().executeLargeUpdate(connection.allowed(sql), columns);
    }

    @Override
    public ResultSet executeQuery(String sql) throws SQLException {
        return open().executeQuery(connection.allowed(sql));
    }

    @Override
    public int executeUpdate(String sql) throws SQLException {
        return open().executeUpdate(connection.allowed(sql));
    }

    @Override
    public int executeUpdate(String sql, int keys) throws SQLException {
        return open().executeUpdate(connection.allowed(sql), keys);
    }

    @Override
    public int executeUpdate(String sql, int[] columns) throws SQLException {
        return open().executeUpdate(connection.allowed(sql), columns);
    }

    @Override
    public int executeUpdate(String sql, String[] columns) throws SQLException {
        return open().executeUpdate(connection.allowed(sql), columns);
    }

    @Override
    public int getFetchDirection() throws SQLException {
        return open().getFetchDirection();
    }

    @Override
    public int getFetchSize() throws SQLException {
        return open().getFetchSize();
    }

    @Override
    public ResultSet getGeneratedKeys() throws SQLException {
        return open().getGeneratedKeys();
    }

    @Override
    public long getLargeMaxRows() throws SQLException {
        return open().getLargeMaxRows();
    }

    @Override
    public long getLargeUpdateCount() throws SQLException {
        return open().getLargeUpdateCount();
    }

    @Override
    public int getMaxFieldSize() throws SQLException {
        return open().getMaxFieldSize();
    }

    @Override
    public int getMaxRows() throws SQLException {
        return open().getMaxRows();
    }

    @Override
    public boolean getMoreResults() throws SQLException {
        return open().getMoreResults();
    }

    @Override
    public boolean getMoreResults(int value) throws SQLException {
        return open().getMoreResults(value);
    }

    @Override
    public int getQueryTimeout() throws SQLException {
        return open().getQueryTimeout();
    }

    @Override
    public ResultSet getResultSet() throws SQLException {
        return open().getResultSet();
    }

    @Override
    public int getResultSetConcurrency() throws SQLException {
        return open().getResultSetConcurrency();
    }

    @Override
    public int getResultSetHoldability() throws SQLException {
        return open().getResultSetHoldability();
    }

    @Override
    public int getResultSetType() throws SQLException {
        return open().getResultSetType();
    }

    @Override
    public int getUpdateCount() throws SQLException {
        return open().getUpdateCount();
    }

    @Override
    public SQLWarning getWarnings() throws SQLException {
        return open().getWarnings();
    }

    @Override
    public boolean isCloseOnCompletion() throws SQLException {
        return open().isCloseOnCompletion();
    }

    @Override
    public boolean isPoolable() throws SQLException {
        return open().isPoolable();
    }

    @Override
    public void setCursorName(String value) throws SQLException {
        open().setCursorName(value);
    }

    @Override
    public void setEscapeProcessing(boolean value) throws SQLException {
        open().setEscapeProcessing(value);
    }

    @Override
    public void setFetchDirection(int value) throws SQLException {
        open().setFetchDirection(value);
    }

    @Override
    public void setFetchSize(int value) throws SQLException {
        open().setFetchSize(value);
    }

    @Override
    public void setLargeMaxRows(long value) throws SQLException {
        open().setLargeMaxRows(value);
    }

    @Override
    public void setMaxFieldSize(int value) throws SQLException {
        open().setMaxFieldSize(value);
    }

    @Override
    public void setMaxRows(int value) throws SQLException {
        open().setMaxRows(value);
    }

    @Override
    public void setPoolable(boolean value) throws SQLException {
        open().setPoolable(value);
    }

    @Override
    public void setQueryTimeout(int value) throws SQLException {
        open().setQueryTimeout(value);
    }
}
