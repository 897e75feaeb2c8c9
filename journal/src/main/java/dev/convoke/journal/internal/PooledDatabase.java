package dev.convoke.journal.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

/**
 * A PostgreSQL database, through a pool or driver of the application's.
 *
 * <p>Thread-safe.
 */
final class PooledDatabase extends Database {
    private static final Pattern TABLE = Pattern.compile(
            "\\bconvoke_(?:event_name|event|delivery|listener_name|listener|subscription|reader|session|journal|inbox)\\b");

    private final DataSource dataSource;

    /** Where the tables are, quoted. */
    private final String schema;

    /** Whether a pooler in transaction mode may stand in between, which loses statements that are prepared in the server. */
    private final boolean isBehindPooler;

    private final long lockSeed;

    PooledDatabase(DataSource dataSource, String schema, boolean isBehindPooler) {
        super(Dialect.POSTGRESQL);
        this.dataSource = dataSource;
        this.schema = '"' + schema.replace("\"", "\"\"") + '"';
        this.isBehindPooler = isBehindPooler;
        this.lockSeed = Lane.seed("convoke " + schema);
    }

    /** The schema of the tables, quoted. */
    String schema() {
        return schema;
    }

    @Override
    String qualified(String statement) {
        return TABLE.matcher(statement).replaceAll(Matcher.quoteReplacement(schema + ".") + "$0");
    }

    @Override
    void adapt(PreparedStatement statement) throws SQLException {
        if (isBehindPooler && statement.isWrapperFor(PGStatement.class)) {
            statement.unwrap(PGStatement.class).setPrepareThreshold(0);
        }
    }

    @Override
    long lockSeed() {
        return lockSeed;
    }

    @Override
    <T extends @Nullable Object, X extends Exception> T transaction(Work<T, X> work, int silentMillis)
            throws SQLException, X {
        Connection connection = connect();
        int before = connection.getNetworkTimeout();
        try {
            if (silentMillis > 0) {
                connection.setNetworkTimeout(Runnable::run, silentMillis);
            }
            return transaction(connection, work);
        } finally {
            giveBack(connection, before);
        }
    }

    private Connection connect() throws SQLException {
        try {
            Connection connection = dataSource.getConnection();
            if (isBehindPooler) {
                connection.unwrap(PGConnection.class).setPrepareThreshold(0);
            }
            return connection;
        } catch (SQLException e) {
            throw new NoConnectionException(e);
        }
    }

    /** Whatever state it is in: its transaction has ended. */
    private static void giveBack(Connection connection, int silentMillis) {
        try (connection) {
            connection.setAutoCommit(true);
            connection.setNetworkTimeout(Runnable::run, silentMillis);
        } catch (SQLException e) {
            Log.debug("a connection that is gone is given back", e);
        }
    }

    @Override
    void bound(Connection connection) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, BRIEF_MILLIS);
        super.bound(connection);
    }

    @Override
    Kept keep() {
        return new Kept() {
            @Override
            Connection connect() throws SQLException {
                Connection connection = PooledDatabase.this.connect();
                connection.setNetworkTimeout(Runnable::run, BRIEF_MILLIS);
                return connection;
            }
        };
    }

    /** Makes the tables' schema the one that scripts create them in. */
    void enterSchema(Connection connection) throws SQLException {
        execute(connection, "SET LOCAL search_path = " + schema);
    }

    /** Reads one text. */
    static @Nullable String read(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    @Override
    long freeDisk() {
        return Long.MAX_VALUE; // nobody asks: see Dialect.requireSuits
    }

    @Override
    public void close() {
        // the data source is the application's
    }
}
