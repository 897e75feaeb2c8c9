package dev.convoke.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Operators at a file of SQLite's. */
class SqliteOperatorTest extends OperatorContract {
    @TempDir
    Path directory;

    @BeforeEach
    void makeTables() {
        open(QUICK).close();
    }

    @Override
    JdbcJournal open(JournalOptions options) {
        return JdbcJournal.sqlite(directory.resolve("events.db"), options);
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("events.db") + "?busy_timeout=10000");
    }
}
