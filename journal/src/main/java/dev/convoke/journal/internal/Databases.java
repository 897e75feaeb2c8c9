package dev.convoke.journal.internal;

import dev.convoke.journal.UnsupportedDatabaseException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Finds out what database there is. */
public final class Databases {
    private static final int OLDEST_POSTGRESQL = 13;

    private Databases() {}

    /** A file of SQLite's. */
    public static Database file(Path path) {
        return new Database.File(path);
    }

    /**
     * The database behind a data source.
     *
     * @throws UnsupportedDatabaseException if it does not suit a journal
     */
    public static Database behind(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            DatabaseMetaData about = connection.getMetaData();
            return switch (about.getDatabaseProductName()) {
                case "PostgreSQL" -> postgresql(dataSource, about.getDatabaseMajorVersion());
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

    private static Database postgresql(DataSource dataSource, int version) {
        if (version < OLDEST_POSTGRESQL) {
            throw new UnsupportedDatabaseException(
                    "PostgreSQL " + version + " is too old for a journal: it takes 13 or newer");
        }
        return new Database.Pooled(dataSource, Dialect.POSTGRESQL);
    }
}
