package dev.convoke.journal;

import static dev.convoke.listener.AsyncListener.blocking;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.testkit.journal.Order;
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

    @Override
    String lockEvents() {
        return "UPDATE convoke_journal SET version = version";
    }
}
