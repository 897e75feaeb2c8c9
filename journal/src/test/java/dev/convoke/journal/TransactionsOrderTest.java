package dev.convoke.journal;

import static dev.convoke.journal.SimulatedProcess.durable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.PublishOptions;
import dev.convoke.event.EventType;
import dev.convoke.testkit.journal.Order;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order of events that are published in transactions of users' own and without, and transactions with many of them, in PostgreSQL. */
@Tag("everyday")
class TransactionsOrderTest extends SeveralProcesses {
    private static final JournalOptions OPTIONS = JournalOptions.defaults().sessionTtl(Duration.ofSeconds(5));
    private static final int KEYS = 5;
    private static final int EVENTS = 200;
    private static final int BULK = 20_000;
    private static final int LOCKS = 200;

    private SharedDatabase database;

    @BeforeEach
    void createDatabase() throws Exception {
        database = create(SharedDatabase.Kind.POSTGRESQL);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    @DisplayName(
            "D5: an event that is published after another of its key has committed comes after it, however and wherever")
    void D5_events_follow_the_order_of_commits(int processes) throws Exception {
        long seed = Long.getLong("convoke.seed", System.nanoTime());
        Seen billed = new Seen();
        List<SimulatedProcess> all = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            SimulatedProcess process = start(database, OPTIONS);
            process.subscribe(durable("billing").ordered(), order -> billed.take(order, Duration.ofMillis(5)));
            all.add(process);
        }
        List<CompletableFuture<Void>> publishers = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            String customer = "c" + key;
            Random random = new Random(seed + key);
            publishers.add(CompletableFuture.runAsync(() -> publishAll(all, customer, random), Daemons.EACH));
        }
        SimulatedProcess.within(
                Duration.ofSeconds(30),
                "publishing, with -Dconvoke.seed=" + seed,
                CompletableFuture.allOf(publishers.toArray(CompletableFuture<?>[]::new)));

        soon().until(() -> all.get(0).journal().listeners().stream().allMatch(listener -> listener.open() == 0));
        for (int key = 0; key < KEYS; key++) {
            assertThat(billed.of("c" + key))
                    .as("of one key, with -Dconvoke.seed=%d", seed)
                    .isEqualTo(IntStream.range(0, EVENTS / KEYS).boxed().toList());
        }
        assertThat(billed.mostAtATime())
                .as("of one key at a time, with -Dconvoke.seed=%d", seed)
                .isEqualTo(1);
    }

    /** One after another, each when the one before is accepted or committed. */
    private void publishAll(List<SimulatedProcess> processes, String customer, Random random) {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            for (int number = 0; number < EVENTS / KEYS; number++) {
                SimulatedProcess process = processes.get(random.nextInt(processes.size()));
                switch (random.nextInt(4)) {
                    case 0 -> {
                        process.publishWithin(connection, customer, number);
                        connection.commit();
                    }
                    case 1 -> {
                        process.publishWithin(connection, customer, -1);
                        connection.rollback();
                        process.publish(customer, number);
                    }
                    case 2 -> {
                        process.publishWithin(connection, customer, number);
                        if (number + 1 < EVENTS / KEYS) {
                            process.publishWithin(connection, customer, ++number);
                        }
                        connection.commit();
                    }
                    default -> process.publish(customer, number);
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException("publishing for " + customer, e);
        }
    }

    @Test
    @Timeout(240)
    @DisplayName("D2, D5: 20,000 keys of an ordered listener in one transaction take few locks, and all are delivered")
    void D2_many_keys_in_one_transaction() throws Exception {
        SimulatedProcess process = start(database, OPTIONS);
        AtomicInteger billed = new AtomicInteger();
        process.subscribe(durable("billing").ordered(), order -> billed.incrementAndGet());
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            for (int number = 0; number < BULK; number++) {
                process.journal()
                        .publishWithin(
                                connection, Order.PLACED, new Order("c" + number, number), PublishOptions.defaults());
                if (number % 1_000 == 999) {
                    assertThat(locks())
                            .as("locks in the server after %d keys", number + 1)
                            .isLessThan(LOCKS);
                }
            }
            connection.commit();
        }

        soon().atMost(Duration.ofSeconds(150))
                .untilAsserted(() -> assertThat(billed).hasValue(BULK));
        assertThat(locks()).isLessThan(LOCKS);
    }

    private int locks() throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM pg_locks")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Test
    @DisplayName(
            "D3, D5: what a transaction that was open for long has published is not overtaken for ever by what comes after it")
    void D5_a_transaction_that_was_open_for_long() throws Exception {
        SimulatedProcess process = start(database, OPTIONS);
        Seen billed = new Seen();
        process.subscribe(durable("billing").ordered(), order -> billed.take(order, Duration.ofMillis(5)));
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            process.publishWithin(connection, "ada", 0);
            for (int number = 1; number <= 20; number++) {
                process.publish("ada", number);
            }
            soon().untilAsserted(() -> assertThat(billed.of("ada")).hasSize(20));
            connection.commit();
            process.publish("ada", 21);
        }

        soon().untilAsserted(() -> assertThat(billed.of("ada")).hasSize(22));
        assertThat(billed.of("ada")).endsWith(0, 21);
        assertThat(billed.mostAtATime()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "D2, D5: several events of one key in one transaction are delivered in the order in which they were published")
    void D5_several_of_a_key_in_one_transaction() throws Exception {
        SimulatedProcess process = start(database, OPTIONS);
        Seen billed = new Seen();
        process.subscribe(durable("billing").ordered(), order -> billed.take(order, Duration.ofMillis(2)));
        EventType<Order> other = EventType.of("order.other", Order.class);
        process.subscribe(other, durable("other").ordered(), order -> billed.take(order, Duration.ofMillis(2)));
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            for (int number = 0; number < 50; number++) {
                process.publishWithin(connection, "ada", number);
                process.journal()
                        .publishWithin(
                                connection, other, new Order("eve", number), PublishOptions.defaults()); // no key
            }
            connection.commit();
        }

        List<Integer> all = IntStream.range(0, 50).boxed().toList();
        soon().untilAsserted(() -> assertThat(billed.of("ada")).isEqualTo(all));
        soon().untilAsserted(() -> assertThat(billed.of("eve")).isEqualTo(all));
        assertThat(billed.mostAtATime()).isEqualTo(1);
    }
}
