package dev.convoke.journal;

import static dev.convoke.journal.PostgresqlServer.execute;
import static dev.convoke.listener.AsyncListener.blocking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.convoke.AsyncEventCoordinator;
import dev.convoke.PublishOptions;
import dev.convoke.event.DeadLetter;
import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.event.PublicationNotAcceptedException.Certainty;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.listener.Subscription;
import dev.convoke.testkit.journal.Order;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Databases that are not as they should be: what a user is told, and that nothing hangs. */
class TroubleTest {
    private static PostgresqlServer server;

    @BeforeAll
    static void startServer() throws IOException {
        server = PostgresqlServer.start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @Test
    @DisplayName("a pool of one connection is refused, with how many it takes; one of two is enough")
    void a_pool_of_two_connections_is_enough() throws Exception {
        PGSimpleDataSource database = server.createDatabase();
        try (HikariDataSource pool = pool(database, 1)) {
            assertThatThrownBy(() -> AsyncEventCoordinator.builder()
                            .journal(JdbcJournal.open(pool))
                            .build())
                    .isInstanceOf(UnsupportedDatabaseException.class)
                    .hasMessageContaining("at least 2 connections");
        }
        Queue<Integer> ledger = new ConcurrentLinkedQueue<>();
        try (HikariDataSource pool = pool(database, 2);
                AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                        .journal(JdbcJournal.open(pool))
                        .build()) {
            coordinator.subscribeToEvent(
                    Order.PLACED,
                    JdbcListeners.transactional(
                            (event, connection) -> ledger.add(event.payload().number())),
                    ListenerOptions.named("ledger").durable());
            for (int i = 0; i < 20; i++) {
                coordinator.publishEvent(Order.PLACED, new Order("ada", i));
            }

            await().untilAsserted(() -> assertThat(ledger).hasSize(20));
        }
    }

    private static HikariDataSource pool(DataSource database, int connections) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database);
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(2_000);
        return new HikariDataSource(config);
    }

    @Test
    @DisplayName("a user who may not create tables is told what to run")
    void a_user_who_may_not_create_tables_is_told_what_to_run() throws Exception {
        PGSimpleDataSource dataSource = server.createDatabase();
        String role = "reader_" + dataSource.getDatabaseName();
        execute(dataSource, "CREATE ROLE " + role + " LOGIN PASSWORD 'reader'");
        execute(dataSource, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        dataSource.setUser(role);
        dataSource.setPassword("reader");

        assertThatThrownBy(() -> JdbcJournal.open(dataSource))
                .isInstanceOf(UnsupportedDatabaseException.class)
                .hasMessageContaining("may not create")
                .hasMessageContaining("CREATE TABLE convoke_delivery")
                .hasMessageContaining("CREATE INDEX convoke_delivery_head");
    }

    @Test
    @DisplayName("a database that cannot be reached is said so at once")
    void a_database_that_cannot_be_reached() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://localhost:1/none");

        assertThatThrownBy(() -> JdbcJournal.open(nowhere))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("cannot be reached");
    }

    @Test
    @DisplayName("H2, which loses what it has committed, is refused by name")
    void h2_is_refused() {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setUrl("jdbc:h2:mem:refused");

        assertThatThrownBy(() -> JdbcJournal.open(h2))
                .isInstanceOf(UnsupportedDatabaseException.class)
                .hasMessageContaining("H2");
    }

    @Test
    @DisplayName(
            "D1: when its tables are gone, a publication is REJECTED, and the next one is accepted when they are back")
    void a_database_that_refuses_rejects() throws Exception {
        PGSimpleDataSource dataSource = server.createDatabase();
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .journal(JdbcJournal.open(dataSource))
                .build()) {
            Queue<Integer> billed = new ConcurrentLinkedQueue<>();
            coordinator.subscribeToEvent(
                    Order.PLACED,
                    blocking(order -> billed.add(order.number())),
                    ListenerOptions.named("billing").durable());
            execute(dataSource, "ALTER TABLE convoke_event RENAME TO away");

            assertThatThrownBy(() -> accept(coordinator, 1))
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            PublicationNotAcceptedException.class,
                            refusal -> assertThat(refusal.certainty()).isEqualTo(Certainty.REJECTED));
            execute(dataSource, "ALTER TABLE away RENAME TO convoke_event");
            accept(coordinator, 2);

            await().untilAsserted(() -> assertThat(billed).containsExactly(2));
        }
    }

    @Test
    @DisplayName(
            "D1, D3: when its disk is full, a publication is REJECTED, what is kept stays, and all goes on when there is room")
    void a_full_disk_rejects() throws Exception {
        PGSimpleDataSource dataSource = server.createDatabase();
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .journal(JdbcJournal.open(dataSource))
                .build()) {
            Queue<Integer> billed = new ConcurrentLinkedQueue<>();
            Subscription subscription = coordinator.subscribeToEvent(
                    Order.PLACED,
                    blocking(order -> billed.add(order.number())),
                    ListenerOptions.named("billing").durable());
            subscription.pause();
            accept(coordinator, 1);
            execute(dataSource, """
                    CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                        RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
                    END $$""");
            for (String table : List.of("convoke_event", "convoke_delivery")) {
                execute(
                        dataSource,
                        "CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON " + table
                                + " FOR EACH ROW EXECUTE FUNCTION disk_full()");
            }
            subscription.resume();

            assertThatThrownBy(() -> accept(coordinator, 2))
                    .cause()
                    .isInstanceOfSatisfying(
                            PublicationNotAcceptedException.class,
                            refusal -> assertThat(refusal.certainty()).isEqualTo(Certainty.REJECTED))
                    .hasStackTraceContaining("No space left on device");
            execute(dataSource, "DROP FUNCTION disk_full() CASCADE");
            accept(coordinator, 3);

            await().untilAsserted(() -> assertThat(billed).containsExactlyInAnyOrder(1, 3));
        }
    }

    @Test
    @DisplayName(
            "D1: when the reply to its commit is lost, a publication is UNKNOWN; publishing it again changes nothing")
    void a_lost_reply_is_unknown() throws Exception {
        AtomicReference<String> lost = new AtomicReference<>("nothing");
        DataSource dataSource = losingReplies(server.createDatabase(), lost);
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .journal(JdbcJournal.open(dataSource))
                .build()) {
            Queue<Integer> billed = new ConcurrentLinkedQueue<>();
            Subscription subscription = coordinator.subscribeToEvent(
                    Order.PLACED,
                    blocking(order -> billed.add(order.number())),
                    ListenerOptions.named("billing").durable());
            subscription.pause();
            PublishOptions identity = PublishOptions.defaults().id("order-1");
            lost.set("convoke_event (source");

            assertThatThrownBy(() -> accept(coordinator, 1, identity))
                    .cause()
                    .isInstanceOfSatisfying(
                            PublicationNotAcceptedException.class,
                            refusal -> assertThat(refusal.certainty()).isEqualTo(Certainty.UNKNOWN));
            accept(coordinator, 1, identity);
            accept(coordinator, 2, PublishOptions.defaults());
            subscription.resume();

            await().untilAsserted(() -> assertThat(billed).containsExactlyInAnyOrder(1, 2));
        }
    }

    @Test
    @DisplayName("D3, D10: a delivery whose claim was committed, with the reply lost, is made all the same, and once")
    void a_lost_reply_to_a_claim_strands_nothing() throws Exception {
        AtomicReference<String> lost = new AtomicReference<>("nothing");
        DataSource dataSource = losingReplies(server.createDatabase(), lost);
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .journal(JdbcJournal.open(dataSource))
                .build()) {
            Queue<Integer> billed = new ConcurrentLinkedQueue<>();
            Subscription subscription = coordinator.subscribeToEvent(
                    Order.PLACED,
                    blocking(order -> billed.add(order.number())),
                    ListenerOptions.named("billing").durable().ordered());
            subscription.pause();
            for (int i = 0; i < 3; i++) {
                accept(coordinator, i);
            }
            lost.set("WITH due");
            subscription.resume();

            await().untilAsserted(() -> assertThat(billed).containsExactly(0, 1, 2));
            assertThat(lost).hasValue("nothing");
        }
    }

    @Test
    @DisplayName("D7: a delivery whose death was committed, with the reply lost, is told as a dead letter, and once")
    void D7_a_lost_reply_to_a_death_is_told() throws Exception {
        AtomicReference<String> lost = new AtomicReference<>("nothing");
        DataSource dataSource = losingReplies(server.createDatabase(), lost);
        Queue<DeadLetter> letters = new ConcurrentLinkedQueue<>();
        JdbcJournal journal = JdbcJournal.open(dataSource);
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .journal(journal)
                .onDeadLetter(letters::add)
                .build()) {
            coordinator.subscribeToEvent(
                    Order.PLACED,
                    blocking(order -> {
                        throw new IllegalStateException("no such account");
                    }),
                    ListenerOptions.named("billing").durable().retry(RetryPolicy.none()));
            lost.set("UPDATE \"public\".convoke_delivery\nSET state = 'DEAD', reason");
            accept(coordinator, 1);

            await().untilAsserted(() ->
                    assertThat(letters).extracting(DeadLetter::listener).containsExactly("billing"));
            assertThat(lost).hasValue("nothing");
            accept(coordinator, 2); // a turn later nothing is told again
            await().until(() -> letters.size() > 1);
            assertThat(letters)
                    .extracting(letter -> (Object) letter.event().payload())
                    .containsExactly(new Order("ada", 1), new Order("ada", 2));
            assertThat(journal.staleResults()).isZero();
        }
    }

    @Test
    @DisplayName("D7: a delivery that has died with its process, with the reply to that lost, is told as a dead letter")
    void D7_a_lost_reply_to_a_burial_is_told() throws Exception {
        AtomicReference<String> lost = new AtomicReference<>("nothing");
        PGSimpleDataSource database = server.createDatabase();
        Queue<DeadLetter> letters = new ConcurrentLinkedQueue<>();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .journal(JdbcJournal.open(
                        losingReplies(database, lost), JournalOptions.defaults().sessionTtl(Duration.ofSeconds(1))))
                .onDeadLetter(letters::add)
                .build()) {
            coordinator.subscribeToEvent(
                    Order.PLACED,
                    blocking(order -> {
                        begun.countDown();
                        end.await();
                    }),
                    ListenerOptions.named("billing").durable());
            accept(coordinator, 1);
            begun.await();
            execute(database, "UPDATE convoke_delivery SET crashes = 4, crashed_at = " + System.currentTimeMillis());
            try (Connection other = database.getConnection();
                    var statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("DELETE FROM convoke_session");
                lost.set("THEN 'CRASHED'");
                other.commit();
            }

            await().untilAsserted(() ->
                    assertThat(letters).extracting(DeadLetter::listener).containsExactly("billing"));
            assertThat(lost).hasValue("nothing");
            end.countDown();
        }
    }

    @Test
    @DisplayName("D1: what is committed is accepted, though its connection cannot be given back")
    void a_connection_that_does_not_close() throws Exception {
        PGSimpleDataSource real = server.createDatabase();
        AtomicBoolean fails = new AtomicBoolean();
        DataSource dataSource = proxy(DataSource.class, (method, arguments) -> {
            Connection connection = (Connection) method.invoke(real, arguments);
            return proxy(Connection.class, (called, parameters) -> {
                Object result = called.invoke(connection, parameters);
                if (called.getName().equals("close") && fails.get()) {
                    throw new SQLException("Unable to close connection properly.");
                }
                return result;
            });
        });
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .journal(JdbcJournal.open(dataSource))
                .build()) {
            Queue<Integer> billed = new ConcurrentLinkedQueue<>();
            coordinator.subscribeToEvent(
                    Order.PLACED,
                    blocking(order -> billed.add(order.number())),
                    ListenerOptions.named("billing").durable());
            fails.set(true);

            accept(coordinator, 1);

            await().untilAsserted(() -> assertThat(billed).containsExactly(1));
        }
    }

    /** Once, a connection that has prepared such a statement commits, and then says that it is gone. */
    private static DataSource losingReplies(DataSource real, AtomicReference<String> lost) {
        return proxy(DataSource.class, (method, arguments) -> {
            Object result = method.invoke(real, arguments);
            return result instanceof Connection connection ? losingReplies(connection, lost) : result;
        });
    }

    private static Connection losingReplies(Connection real, AtomicReference<String> lost) {
        AtomicBoolean isMeant = new AtomicBoolean();
        return proxy(Connection.class, (method, arguments) -> {
            if (method.getName().equals("prepareStatement")
                    && String.valueOf(arguments[0]).contains(lost.get())) {
                isMeant.set(true);
            }
            Object result = method.invoke(real, arguments);
            if (method.getName().equals("commit") && isMeant.get()) {
                lost.set("nothing");
                throw new SQLException("An I/O error occurred while sending to the backend.", "08006");
            }
            return result;
        });
    }

    private interface Call {
        Object make(Method method, Object[] arguments) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return call.make(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @Test
    @DisplayName("D13: a limit to what is free on the disk is refused where the disk cannot be seen")
    void the_disk_of_a_server_cannot_be_seen() throws Exception {
        PGSimpleDataSource dataSource = server.createDatabase();
        JournalOptions options = JournalOptions.defaults().minFreeDisk(1);

        assertThatThrownBy(() -> JdbcJournal.open(dataSource, options))
                .isInstanceOf(UnsupportedDatabaseException.class)
                .hasMessageContaining("maxBacklog");
    }

    @Test
    @DisplayName("a connection that is in no transaction is refused, and one that is read-only")
    void a_connection_without_a_transaction_is_refused() throws Exception {
        PGSimpleDataSource dataSource = server.createDatabase();
        JdbcJournal journal = JdbcJournal.open(dataSource);
        try (Connection connection = dataSource.getConnection()) {
            assertThatThrownBy(() -> publishWithin(journal, connection))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in no transaction");
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> publishWithin(journal, connection))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("read-only");
        }
    }

    @Test
    @DisplayName("tables that are not whole are said so")
    void tables_that_are_not_whole() throws Exception {
        PGSimpleDataSource dataSource = server.createDatabase();
        JdbcJournal.open(dataSource).close();
        execute(dataSource, "DROP TABLE convoke_delivery");

        assertThatThrownBy(() -> JdbcJournal.open(dataSource))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("table convoke_delivery cannot be read");
    }

    @Test
    @DisplayName("a file in a directory that is not there is said so")
    void a_file_that_cannot_be_made(@TempDir Path directory) {
        assertThatThrownBy(() -> JdbcJournal.sqlite(directory.resolve("missing/events.db")))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("missing");
    }

    @Test
    @DisplayName("a journal serves one coordinator")
    void a_journal_serves_one_coordinator(@TempDir Path directory) {
        JdbcJournal journal = JdbcJournal.sqlite(directory.resolve("events.db"));
        try (AsyncEventCoordinator first =
                AsyncEventCoordinator.builder().journal(journal).build()) {
            assertThatThrownBy(() ->
                            AsyncEventCoordinator.builder().journal(journal).build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another coordinator");
            assertThat(first.listeners()).isEmpty();
        }
    }

    private static void accept(AsyncEventCoordinator coordinator, int number) {
        accept(coordinator, number, PublishOptions.defaults());
    }

    private static void accept(AsyncEventCoordinator coordinator, int number, PublishOptions options) {
        coordinator
                .publishEvent(Order.PLACED, new Order("ada", number), options)
                .accepted()
                .join();
    }

    private static void publishWithin(JdbcJournal journal, Connection connection) {
        journal.publishWithin(connection, Order.PLACED, new Order("ada", 1), PublishOptions.defaults());
    }
}
