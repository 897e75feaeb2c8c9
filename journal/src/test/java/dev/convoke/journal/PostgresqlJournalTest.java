package dev.convoke.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.PublishOptions;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.testkit.journal.Order;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The contract in PostgreSQL. */
class PostgresqlJournalTest extends JournalRegressions {
    private static PostgresqlServer server;
    private PGSimpleDataSource dataSource;

    @BeforeAll
    static void startServer() throws IOException {
        server = PostgresqlServer.start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @BeforeEach
    void createDatabase() throws SQLException {
        dataSource = server.createDatabase();
    }

    @Override
    JdbcJournal open(JournalOptions options) {
        return JdbcJournal.open(dataSource, options);
    }

    @Override
    Connection connect() throws SQLException {
        return dataSource.getConnection();
    }

    @Override
    String lockEvents() {
        return "LOCK TABLE convoke_event IN EXCLUSIVE MODE";
    }

    @Test
    @DisplayName(
            "D4, D9: the writes of a transactional listener whose process was taken for dead meanwhile are rolled back")
    void D9_late_writes_are_rolled_back() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        AsyncEventCoordinator coordinator = coordinator();
        coordinator.subscribeToEvent(
                Order.PLACED,
                store().transactional((event, note) -> {
                    if (runs.incrementAndGet() == 1) {
                        note.accept("first run");
                        store().takeAllForDead();
                        second.await();
                    } else {
                        second.countDown();
                        note.accept("second run");
                    }
                }),
                durable("ledger"));

        publish(coordinator);

        await().until(() -> store().unfinished() == 0 && runs.get() == 2);
        coordinator.close(); // after which nothing runs any more
        assertThat(store().ledger()).containsExactly("second run");
    }

    @Test
    @DisplayName("D3: an event whose transaction ends after that of a later one is delivered, too")
    void D3_an_event_that_is_committed_late_is_delivered() throws Exception {
        JdbcJournal journal = open(JournalOptions.defaults());
        Queue<Integer> billed = new ConcurrentLinkedQueue<>();
        try (AsyncEventCoordinator coordinator =
                        AsyncEventCoordinator.builder().journal(journal).build();
                Connection connection = connect()) {
            coordinator.subscribeToEvent(
                    Order.PLACED,
                    AsyncListener.blocking(order -> billed.add(order.number())),
                    ListenerOptions.named("billing").durable());
            connection.setAutoCommit(false);
            journal.publishWithin(connection, Order.PLACED, new Order("ada", 1), PublishOptions.defaults());
            coordinator
                    .publishEvent(Order.PLACED, new Order("ada", 2))
                    .accepted()
                    .join();
            await().untilAsserted(() -> assertThat(billed).containsExactly(2));
            connection.commit();

            await().untilAsserted(() -> assertThat(billed).containsExactly(2, 1));
        }
    }
}
