package dev.convoke.journal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of SQLite's, and the ways to it. */
class FileDatabaseTest {
    @TempDir
    Path directory;

    @Test
    @DisplayName("D8, D10: processes that reach a file by different links meet beside the same file")
    void D8_links_lead_to_one_file() throws Exception {
        Path real = Files.createDirectory(directory.resolve("shared")).resolve("events.db");
        Path link = Files.createSymbolicLink(directory.resolve("current.db"), real);
        Path folder = Files.createSymbolicLink(directory.resolve("release"), real.getParent());

        assertThat(pathOf(link)).as("a link to a file that is not there yet").isEqualTo(pathOf(real));
        Files.createFile(real);
        assertThat(pathOf(link)).as("a link to a file").isEqualTo(pathOf(real));
        assertThat(pathOf(folder.resolve("events.db"))).as("a linked folder").isEqualTo(pathOf(real));
    }

    @Test
    @DisplayName("a link that leads nowhere is refused by SQLite, and not followed for ever")
    void a_circle_of_links() throws IOException {
        Path one = directory.resolve("one");
        Path two = Files.createSymbolicLink(directory.resolve("two"), one);
        Files.createSymbolicLink(one, two);

        assertThat(pathOf(one)).isEqualTo(one.toAbsolutePath());
    }

    private static Path pathOf(Path path) {
        try (FileDatabase database = new FileDatabase(path)) {
            return database.path();
        }
    }

    @Test
    @DisplayName("D11: a thread that is interrupted can use the journal, and stays interrupted")
    void D11_an_interrupted_thread() throws SQLException {
        try (FileDatabase database = new FileDatabase(directory.resolve("events.db"))) {
            Thread.currentThread().interrupt();

            boolean hasAnswered = database.brief(connection -> true);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(hasAnswered).isTrue();
        }
    }

    @Test
    @DisplayName(
            "a driver that the DriverManager does not know is no obstacle: another class loader may have asked it first")
    void a_driver_that_is_not_registered() throws SQLException {
        Driver registered = DriverManager.getDriver("jdbc:sqlite:");
        DriverManager.deregisterDriver(registered);
        try (FileDatabase database = new FileDatabase(directory.resolve("events.db"))) {
            assertThat(database.<Boolean>brief(connection -> true)).isTrue();
        } finally {
            DriverManager.registerDriver(registered);
        }
    }

    @Test
    @DisplayName("the journal's connections take turns with those of other processes fairly")
    void it_waits_fairly() throws SQLException {
        try (FileDatabase database = new FileDatabase(directory.resolve("events.db"))) {
            int timeOfSqlitesOwnWay = database.brief(connection -> {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("PRAGMA busy_timeout")) {
                    return row.getInt(1);
                }
            });

            assertThat(timeOfSqlitesOwnWay).isZero();
        }
    }
}
