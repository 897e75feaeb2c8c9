package dev.convoke.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.io.TempDir;

/** The contract in a file of SQLite's. */
class SqliteJournalTest extends JournalRegressions {
    @TempDir
    Path directory;

    @Override
    JdbcJournal open(JournalOptions options) {
        return JdbcJournal.sqlite(directory.resolve("events.db"), options);
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("events.db") + "?busy_timeout=10000");
    }

    @Override
    void lockEvents(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("UPDATE convoke_journal SET version = version");
        }
    }
}
