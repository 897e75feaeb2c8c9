package dev.convoke.journal;

import static dev.convoke.listener.AsyncListener.blocking;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.testkit.journal.Order;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
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

    @Test
    @DisplayName("D13: publications are rejected while less is free on the disk than was asked for")
    void D13_too_little_disk_rejects() {
        AsyncEventCoordinator first = coordinator(open(QUICK.minFreeDisk(Long.MAX_VALUE)));
        first.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));

        assertThatThrownBy(() -> publish(first))
                .hasMessageContaining("REJECTED")
                .hasMessageContaining("bytes are free");
        AsyncEventCoordinator second = coordinator(open(QUICK.minFreeDisk(1)));
        assertThatCode(() -> publish(second)).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("D1: when its file is taken away, publications are rejected")
    void D1_a_file_that_is_taken_away_rejects() throws Exception {
        AsyncEventCoordinator coordinator = coordinator();
        coordinator.subscribeToEvent(Order.PLACED, blocking(order -> {}), durable("billing"));
        Files.move(directory.resolve("events.db"), directory.resolve("taken.db"));

        await().untilAsserted(() -> assertThatThrownBy(() -> publish(coordinator))
                .hasMessageContaining("REJECTED")
                .hasMessageContaining("is not there any more"));
        Files.createFile(directory.resolve("events.db"));

        await().untilAsserted(
                        () -> assertThatThrownBy(() -> publish(coordinator)).hasMessageContaining("another file"));
    }

    @Override
    String lockEvents() {
        return "UPDATE convoke_journal SET version = version";
    }
}
