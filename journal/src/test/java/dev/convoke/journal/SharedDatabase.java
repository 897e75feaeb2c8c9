package dev.convoke.journal;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database that several processes share, named by a text that another JVM can be given: a JDBC address of PostgreSQL, or a
 * file of SQLite's.
 */
record SharedDatabase(String name) {
    /** Which databases there are. */
    enum Kind {
        SQLITE,
        POSTGRESQL
    }

    static SharedDatabase of(PGSimpleDataSource dataSource) {
        String url = dataSource.getUrl();
        String password = dataSource.getPassword();
        return new SharedDatabase(url + (url.contains("?") ? "&" : "?") + "user=" + dataSource.getUser()
                + (password == null || password.isEmpty() ? "" : "&password=" + password));
    }

    static SharedDatabase of(Path file) {
        return new SharedDatabase(file.toString());
    }

    boolean isPostgresql() {
        return name.startsWith("jdbc:postgresql:");
    }

    /** A journal of a process of its own, with a pool of its own. */
    JdbcJournal open(JournalOptions options) {
        return isPostgresql() ? JdbcJournal.open(pool(8), options) : JdbcJournal.sqlite(Path.of(name), options);
    }

    /** A pool of so many connections to PostgreSQL, which is never closed: it ends with the server. */
    HikariDataSource pool(int size) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(name);
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(1);
        return pool;
    }

    /** A connection of the user's own. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                isPostgresql() ? name : "jdbc:sqlite:" + name + "?busy_timeout=20000&synchronous=FULL");
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
