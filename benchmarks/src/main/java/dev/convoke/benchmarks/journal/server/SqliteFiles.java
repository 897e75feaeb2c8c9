package dev.convoke.benchmarks.journal.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Files of SQLite, one for each database. */
final class SqliteFiles implements Server {
    private final Path directory;
    private int databases;

    SqliteFiles() throws IOException {
        directory = Files.createTempDirectory("convoke-benchmark");
    }

    @Override
    public String emptyDatabase() throws IOException {
        Directories.empty(directory);
        databases++;
        return "jdbc:sqlite:" + directory.resolve("benchmark-" + databases + ".db");
    }

    @Override
    public String describe() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            return "SQLite " + connection.getMetaData().getDatabaseProductVersion()
                    + ", journal_mode=WAL, synchronous=FULL";
        }
    }

    @Override
    public void close() throws IOException {
        Directories.empty(directory);
        Files.delete(directory);
    }
}
