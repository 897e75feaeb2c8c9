package dev.convoke.journal;

import static dev.convoke.journal.SimulatedProcess.durable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.convoke.event.EventType;
import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.event.PublicationNotAcceptedException.Certainty;
import dev.convoke.event.Receipt;
import dev.convoke.journal.SharedDatabase.Kind;
import dev.convoke.listener.Subscription;
import dev.convoke.testkit.journal.Order;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Processes that live are not taken for dead, whatever keeps them waiting; and they go on when it is over. */
@Tag("everyday")
class LivenessTest extends SeveralProcesses {
    private static final EventType<Order> MAILED = EventType.of("order.mailed", Order.class);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static JournalOptions ttl(Duration ttl) {
        return JournalOptions.defaults().sessionTtl(ttl);
    }

    /** Has a listener that never ends before the test does, and counts its beginnings. */
    private void subscribeEndless(SimulatedProcess process, AtomicInteger begun, CountDownLatch never)
            throws Exception {
        process.subscribe(durable("billing").ordered(), order -> {
            begun.incrementAndGet();
            never.await();
        });
    }

    private static void assertRunsOnce(SimulatedProcess process, String event, AtomicInteger begun) {
        assertThat(process.journal().status(event).orElseThrow().open())
                .singleElement()
                .satisfies(delivery -> {
                    assertThat(delivery.crashes())
                            .as("crashes, where nobody died")
                            .isZero();
                    assertThat(delivery.state()).isEqualTo(EventStatus.State.RUNNING);
                });
        assertThat(begun).as("beginnings of one delivery").hasValue(1);
    }

    // ---- waits that are no fault ----

    @Test
    @DisplayName("D10: transactional listeners that wait for a small pool for longer than the TTL are no fault")
    void D10_a_heartbeat_does_not_wait_for_the_pool() throws Exception {
        SharedDatabase database = create(Kind.POSTGRESQL);
        Seen posted = new Seen();
        Seen mailed = new Seen();
        List<Subscription> paused = new ArrayList<>();
        List<SimulatedProcess> processes = new ArrayList<>();
        CountDownLatch never = gate();
        for (int i = 0; i < 2; i++) {
            SimulatedProcess process = start(JdbcJournal.open(database.pool(4), ttl(SECOND)));
            paused.add(process.coordinator()
                    .subscribeToEvent(
                            Order.PLACED,
                            JdbcListeners.transactional(
                                    (event, connection) -> posted.take(event.payload(), Duration.ofMillis(200))),
                            durable("ledger")));
            paused.get(i).pause();
            process.subscribe(MAILED, durable("mail"), order -> {
                mailed.take(order);
                never.await(3, TimeUnit.SECONDS);
            });
            processes.add(process);
        }
        int posts = 100;
        for (int number = 0; number < posts; number++) {
            processes.get(0).publish("c" + number, number);
        }
        for (int number = 0; number < 5; number++) {
            processes.get(number % 2).publish(MAILED, new Order("m" + number, number), SOON);
        }
        soon().until(() -> mailed.size() == 5);
        paused.forEach(Subscription::resume);

        soon().atMost(Duration.ofSeconds(30))
                .until(() ->
                        processes.get(0).journal().listeners().stream().allMatch(listener -> listener.open() == 0));
        assertThat(mailed.repeated()).as("mails that were made twice").isEmpty();
        assertThat(posted.repeated()).as("transactions that were made twice").isEmpty();
        assertThat(posted.size()).isEqualTo(posts);
        assertNothingIsLate(processes);
    }

    private static void assertNothingIsLate(List<SimulatedProcess> processes) {
        for (SimulatedProcess process : processes) {
            assertThat(process.journal().staleResults()).as("stale results").isZero();
            assertThat(process.journal().deadGroups(5)).isEmpty();
        }
    }

    @Test
    @DisplayName("D10: a transactional listener that has SQLite's file for longer than the TTL is no fault")
    void D10_a_heartbeat_does_not_wait_for_the_file() throws Exception {
        SharedDatabase database = create(Kind.SQLITE);
        Seen posted = new Seen();
        Seen mailed = new Seen();
        List<SimulatedProcess> processes = new ArrayList<>();
        CountDownLatch never = gate();
        for (int i = 0; i < 2; i++) {
            SimulatedProcess process = start(database, ttl(SECOND));
            process.coordinator()
                    .subscribeToEvent(
                            Order.PLACED,
                            JdbcListeners.transactional(
                                    (event, connection) -> posted.take(event.payload(), Duration.ofSeconds(2))),
                            durable("ledger"));
            process.subscribe(MAILED, durable("mail"), order -> {
                mailed.take(order);
                never.await(5, TimeUnit.SECONDS);
            });
            processes.add(process);
        }
        for (int number = 0; number < 4; number++) {
            processes.get(number % 2).publish(MAILED, new Order("m" + number, number), SOON);
        }
        soon().until(() -> mailed.size() == 4);
        for (int number = 0; number < 3; number++) {
            processes.get(number % 2).publishing("c" + number, number);
        }

        soon().atMost(Duration.ofSeconds(30)).until(() -> posted.size() >= 3 && nothingIsOpen(processes.get(0)));
        assertThat(mailed.repeated()).as("mails that were made twice").isEmpty();
        assertThat(posted.repeated()).as("transactions that were made twice").isEmpty();
        assertNothingIsLate(processes);
    }

    @Test
    @DisplayName(
            "D10: a transactional listener that has the pool's last connection for longer than the TTL is no fault")
    void D10_a_listener_that_has_the_last_connection() throws Exception {
        SharedDatabase database = create(Kind.POSTGRESQL);
        AtomicInteger begun = new AtomicInteger();
        CountDownLatch never = gate();
        SimulatedProcess busy = start(JdbcJournal.open(database.pool(2), ttl(SECOND)));
        busy.coordinator()
                .subscribeToEvent(
                        Order.PLACED,
                        JdbcListeners.transactional((event, connection) -> {
                            begun.incrementAndGet();
                            never.await();
                        }),
                        durable("ledger"));
        SimulatedProcess other = start(database, ttl(SECOND));
        String event = busy.publish("ada", 1).eventId();
        soon().until(() -> begun.get() == 1);

        elapse(Duration.ofMillis(2_200));

        assertRunsOnce(other, event, begun);
    }

    @Test
    @DisplayName("D1: publications that get no connection are rejected together, and not one after another")
    void D1_a_full_pool_rejects_all_at_once() throws Exception {
        HikariDataSource pool = create(Kind.POSTGRESQL).pool(2);
        pool.setConnectionTimeout(1_000);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = gate();
        SimulatedProcess busy = start(JdbcJournal.open(pool, ttl(Duration.ofSeconds(15))));
        busy.coordinator()
                .subscribeToEvent(
                        Order.PLACED,
                        JdbcListeners.transactional((event, connection) -> {
                            begun.countDown();
                            never.await();
                        }),
                        durable("ledger"));
        busy.publish("ada", 0);
        begun.await();

        List<CompletableFuture<Receipt>> publications = IntStream.rangeClosed(1, 20)
                .mapToObj(number -> busy.publishing("ada", number))
                .toList();

        await().atMost(8, TimeUnit.SECONDS)
                .until(() -> publications.stream().allMatch(CompletableFuture::isCompletedExceptionally));
    }

    private static boolean nothingIsOpen(SimulatedProcess process) {
        return process.journal().listeners().stream().allMatch(listener -> listener.open() == 0);
    }

    @Test
    @DisplayName("D6, D10: one that is frozen with the listeners' rows in its transaction is no crash of the others")
    void D6_rows_that_somebody_holds() throws Exception {
        SharedDatabase database = create(Kind.POSTGRESQL);
        AtomicInteger begun = new AtomicInteger();
        CountDownLatch never = gate();
        SimulatedProcess one = start(database, ttl(SECOND));
        SimulatedProcess two = start(database, ttl(SECOND));
        subscribeEndless(one, begun, never);
        subscribeEndless(two, begun, never);
        String event = two.publish("ada", 1).eventId();
        soon().until(() -> begun.get() == 1);
        for (int freeze = 0; freeze < 2; freeze++) {
            holdRows(database, "convoke_listener", Duration.ofMillis(2_500));
            elapse(SECOND);
            assertRunsOnce(two, event, begun);
        }
    }

    private static void holdRows(SharedDatabase database, String table, Duration time) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT * FROM " + table + " FOR UPDATE");
            elapse(time);
            connection.rollback();
        }
    }

    @Test
    @DisplayName(
            "D10: a process whose heartbeat is held up for longer than its TTL claims nothing before it has another one")
    void D10_nothing_is_claimed_without_a_heartbeat() throws Exception {
        SharedDatabase database = create(Kind.POSTGRESQL);
        Seen billed = new Seen();
        SimulatedProcess process = start(database, ttl(SECOND));
        process.subscribe(durable("billing"), billed::take);
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT * FROM convoke_session FOR UPDATE");
            elapse(Duration.ofMillis(1_200));
            process.publish("ada", 1);
            elapse(Duration.ofMillis(500));
            assertThat(billed.of("ada")).as("claimed without a heartbeat").isEmpty();
            connection.rollback();
        }

        soon().untilAsserted(() -> assertThat(billed.of("ada")).containsExactly(1));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D6, D8: processes with different TTLs do not end each other's sessions")
    void D8_different_ttls(Kind kind) throws Exception {
        SharedDatabase database = create(kind);
        AtomicInteger begun = new AtomicInteger();
        CountDownLatch never = gate();
        SimulatedProcess patient = start(database, ttl(Duration.ofSeconds(15)));
        subscribeEndless(patient, begun, never);
        String event = patient.publish("ada", 1).eventId();
        soon().until(() -> begun.get() == 1);
        SimulatedProcess hasty = start(database, ttl(SECOND));
        subscribeEndless(hasty, begun, never);
        start(database, ttl(Duration.ofMillis(500))); // which has no listener

        elapse(Duration.ofSeconds(5));

        assertRunsOnce(hasty, event, begun);
    }

    // ---- outages ----

    /** A database that is away when a test says so. */
    private static final class Leaving extends PGSimpleDataSource {
        private static final long serialVersionUID = 1L;

        private transient volatile boolean isAway;

        private Leaving(SharedDatabase database) {
            setUrl(database.name());
            setApplicationName("leaving");
        }

        /** Ends the connections that all of these have, too. */
        private static void leave(SharedDatabase database, List<Leaving> sources) throws SQLException {
            sources.forEach(source -> source.isAway = true);
            database.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'leaving'");
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (isAway) {
                throw new SQLException("the database is away", "08001");
            }
            return super.getConnection();
        }
    }

    @Test
    @DisplayName("D6, D10: a database that is away for longer than the TTL is no crash of those that live")
    void D6_an_outage() throws Exception {
        SharedDatabase database = create(Kind.POSTGRESQL);
        AtomicInteger begun = new AtomicInteger();
        CountDownLatch never = gate();
        List<Leaving> sources = List.of(new Leaving(database), new Leaving(database));
        SimulatedProcess process = null;
        for (Leaving source : sources) {
            process = start(JdbcJournal.open(source, ttl(SECOND)));
            subscribeEndless(process, begun, never);
        }
        String event = process.publish("ada", 1).eventId();
        soon().until(() -> begun.get() == 1);
        for (int outage = 0; outage < 2; outage++) {
            Leaving.leave(database, sources);
            elapse(Duration.ofMillis(1_700));
            sources.get(outage).isAway = false; // half a TTL before the other one
            elapse(Duration.ofMillis(500));
            sources.forEach(source -> source.isAway = false);
            elapse(Duration.ofMillis(1_500));
        }

        assertRunsOnce(process, event, begun);
    }

    @Test
    @Timeout(90)
    @DisplayName(
            "D3: connections that lose four seconds' bytes without a word are given up, with the driver's defaults")
    void D3_half_open_connections() throws Exception {
        PGSimpleDataSource real = server().createDatabase();
        try (SwallowingProxy proxy = new SwallowingProxy(real.getServerNames()[0], real.getPortNumbers()[0])) {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(SharedDatabase.of(real).name());
            source.setServerNames(new String[] {"127.0.0.1"});
            source.setPortNumbers(new int[] {proxy.port()});
            HikariDataSource pool = new HikariDataSource();
            pool.setDataSource(source);
            pool.setMaximumPoolSize(8);
            SimulatedProcess process = start(JdbcJournal.open(pool, ttl(Duration.ofSeconds(3))));
            Seen billed = new Seen();
            process.subscribe(durable("billing"), billed::take);
            process.publish("ada", 1);
            proxy.swallow();
            process.publishing("ada", 2); // of which nobody knows what becomes
            elapse(Duration.ofSeconds(4));
            proxy.handOn();

            process.publish(Order.PLACED, new Order("ada", 3), Duration.ofSeconds(20));
            soon().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(billed.of("ada")).contains(1, 3));
        }
    }

    // ---- new listeners ----

    @Test
    @DisplayName(
            "D3: what is accepted after a subscription returned is delivered to it, though the publisher's journal is held up")
    void D3_nothing_is_lost_to_a_new_listener() throws Exception {
        SharedDatabase database = create(Kind.POSTGRESQL);
        CountDownLatch mayEnd = gate();
        CountDownLatch begun = new CountDownLatch(1);
        Duration ttl = Duration.ofMillis(1_500);
        SimulatedProcess one = start(database, ttl(ttl));
        one.subscribe(durable("billing"), order -> {
            begun.countDown();
            mayEnd.await();
        });
        one.publish("ada", 1);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        Seen mailed = new Seen();
        List<Integer> accepted = new ArrayList<>();
        SimulatedProcess two = start(database, ttl(ttl));
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT * FROM convoke_delivery FOR UPDATE");
            mayEnd.countDown(); // whose end the first process cannot write down
            elapse(Duration.ofMillis(300));
            try {
                two.subscribe(MAILED, durable("mail"), mailed::take);
            } catch (RuntimeException refused) {
                return; // which is a way not to lose anything
            }
            for (int number = 0; number < 3; number++) {
                one.publish(MAILED, new Order("ada", number), SOON);
                accepted.add(number);
            }
            connection.rollback();
        }
        one.publish(MAILED, new Order("ada", 99), Duration.ofSeconds(5));
        accepted.add(99);

        soon().untilAsserted(() ->
                assertThat(mailed.of("ada")).as("all that was accepted").containsAll(accepted));
    }

    @Test
    @DisplayName(
            "D3: a process that has not heard from the database for its TTL does not say that nobody wants an event")
    void D3_a_process_that_does_not_hear_from_the_database() throws Exception {
        SharedDatabase database = create(Kind.POSTGRESQL);
        Duration ttl = Duration.ofMillis(1_500);
        Leaving source = new Leaving(database);
        SimulatedProcess one = start(JdbcJournal.open(source, ttl(ttl)));
        SimulatedProcess two = start(database, ttl(ttl));
        Seen mailed = new Seen();
        Leaving.leave(database, List.of(source));
        two.subscribe(MAILED, durable("mail"), mailed::take);

        assertThatThrownBy(() -> one.publish(MAILED, new Order("ada", 1), SOON))
                .isInstanceOfSatisfying(
                        PublicationNotAcceptedException.class,
                        refusal -> assertThat(refusal.certainty()).isEqualTo(Certainty.REJECTED))
                .hasMessageContaining("not known");
        source.isAway = false;
        soon().until(() -> isAccepted(one, new Order("ada", 2)));
        soon().untilAsserted(() -> assertThat(mailed.of("ada")).containsExactly(2));
    }

    private static boolean isAccepted(SimulatedProcess process, Order mailed) throws Exception {
        try {
            process.publish(MAILED, mailed, SOON);
            return true;
        } catch (PublicationNotAcceptedException refused) {
            return false;
        }
    }

    // ---- closings ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName(
            "D6: five closings in good order while a listener is at work are no crash, and the sixth process makes the delivery")
    void D6_orderly_closings(Kind kind) throws Exception {
        SharedDatabase database = create(kind);
        CountDownLatch end = gate();
        AtomicInteger begun = new AtomicInteger();
        String event = "";
        for (int deployment = 1; deployment <= 5; deployment++) {
            SimulatedProcess process = start(database, ttl(Duration.ofMinutes(5)));
            process.subscribe(durable("billing"), order -> {
                begun.incrementAndGet();
                while (end.getCount() > 0) { // and heeds no interrupt
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                    Thread.interrupted();
                }
            });
            if (deployment == 1) {
                event = process.publish("ada", 1).eventId();
            }
            int expected = deployment;
            soon().alias("deployment " + deployment).until(() -> begun.get() == expected);
            process.close();
        }
        SimulatedProcess last = start(database, ttl(SECOND));
        CountDownLatch never = gate();
        CountDownLatch sixth = new CountDownLatch(1);
        last.subscribe(durable("billing"), order -> {
            sixth.countDown();
            never.await();
        });

        assertThat(sixth.await(10, TimeUnit.SECONDS))
                .as("the sixth process has it")
                .isTrue();
        assertThat(last.journal().status(event).orElseThrow().open())
                .singleElement()
                .satisfies(
                        delivery -> assertThat(delivery.crashes()).as("crashes").isZero());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName(
            "D10: what has succeeded before a close is not made again, also where the closing thread is interrupted")
    void D10_an_interrupted_close(boolean isInterrupted) throws Exception {
        SharedDatabase database = create(Kind.SQLITE);
        int events = 50;
        AtomicInteger ended = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(events);
        CountDownLatch mayEnd = gate();
        SimulatedProcess first = start(database, ttl(SOON));
        first.subscribe(durable("billing"), order -> {
            begun.countDown();
            mayEnd.await();
            ended.incrementAndGet();
        });
        for (int number = 0; number < events; number++) {
            first.publish("c" + number, number);
        }
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        CountDownLatch isClosing = new CountDownLatch(1);
        try (Connection other = database.connect();
                var statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            mayEnd.countDown();
            soon().until(() -> ended.get() == events);
            elapse(Duration.ofMillis(200)); // in which the listeners return
            Thread closing = new Thread(() -> {
                if (isInterrupted) {
                    Thread.currentThread().interrupt();
                }
                first.coordinator().close();
                isClosing.countDown();
            });
            closing.start();
            isClosing.await(500, TimeUnit.MILLISECONDS); // another process's write takes so long
            statement.execute("COMMIT");
            closing.join(Duration.ofSeconds(10).toMillis());
            assertThat(closing.isAlive()).isFalse();
        }
        SimulatedProcess next = start(database, ttl(SOON));
        next.subscribe(durable("billing"), order -> ended.incrementAndGet());

        soon().until(() -> nothingIsOpen(next));
        assertThat(ended).as("runs of %d deliveries", events).hasValue(events);
    }
}
