package dev.convoke.journal.internal;

import static dev.convoke.listener.AsyncListener.blocking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.journal.JdbcJournal;
import dev.convoke.journal.JournalOptions;
import dev.convoke.journal.UnsupportedDatabaseException;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.testkit.journal.Order;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** How processes wake each other. That a bell makes nothing slower or lost is seen by the rest: a journal without one works, too. */
class BellTest {
    private static EmbeddedPostgres server;
    private static DataSource dataSource;

    @BeforeAll
    static void startServer() throws IOException {
        server = EmbeddedPostgres.start();
        dataSource = server.getPostgresDatabase();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @Test
    @DisplayName("what others publish wakes, what one publishes oneself does not, also after the connection was lost")
    void others_wake_it() throws Exception {
        AtomicInteger woken = new AtomicInteger();
        Bell bell = new Bell(dataSource, () -> "me", woken::incrementAndGet);
        Thread thread = new Thread(bell, "bell");
        thread.start();
        await().until(() -> woken.get() == 1); // it has begun to listen

        ring("me");
        ring("another");
        await().until(() -> woken.get() == 2);
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN convoke_journal'");
        await().until(() -> woken.get() == 3);
        ring("another");
        await().until(() -> woken.get() == 4);

        bell.stop();
        thread.join();
        assertThat(woken).hasValue(4);
    }

    private static void ring(String sender) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            Dialect.POSTGRESQL.ring(connection, sender);
        }
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    @DisplayName("who publishes rings, once for many")
    void who_publishes_rings() throws Exception {
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                        .journal(JdbcJournal.open(
                                dataSource, JournalOptions.defaults().notifications(dataSource)))
                        .build();
                Connection connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            coordinator.subscribeToEvent(
                    Order.PLACED,
                    blocking(order -> {}),
                    ListenerOptions.named("billing").durable());
            statement.execute("LISTEN " + Bell.CHANNEL);

            for (int i = 0; i < 100; i++) {
                coordinator.publishEvent(Order.PLACED, new Order("ada", i));
            }

            assertThat(connection.unwrap(PGConnection.class).getNotifications(20_000))
                    .hasSizeBetween(1, 99);
        }
    }

    @Test
    @DisplayName("SQLite, which has no notifications, refuses them")
    void sqlite_refuses_them(@TempDir Path directory) {
        JournalOptions options = JournalOptions.defaults().notifications(dataSource);

        assertThatThrownBy(() -> JdbcJournal.sqlite(directory.resolve("events.db"), options))
                .isInstanceOf(UnsupportedDatabaseException.class);
    }
}
