package dev.convoke.journal;

import static dev.convoke.journal.SimulatedProcess.durable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.convoke.PublishOptions;
import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.event.PublicationNotAcceptedException.Certainty;
import dev.convoke.testkit.journal.Order;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Other people's settings of PostgreSQL: each works, or is refused by name before it costs a caller its transaction. */
@Tag("everyday")
class SettingsTest extends SettingsScenario {
    // ---- isolation ----

    @ParameterizedTest
    @ValueSource(strings = {"repeatable read", "serializable"})
    @DisplayName("D5: one of a key is in flight in a database whose transactions are isolated more by default")
    void D5_isolation_of_the_database(String isolation) throws Exception {
        setForDatabase("default_transaction_isolation", "'" + isolation + "'");

        assertNeverTwoOfAKey(admin, "default_transaction_isolation");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRANSACTION_REPEATABLE_READ", "TRANSACTION_SERIALIZABLE"})
    @DisplayName("D5: one of a key is in flight on a pool whose transactions are isolated more")
    void D5_isolation_of_the_pool(String isolation) throws Exception {
        try (HikariDataSource pool = SharedDatabase.of(admin).pool(8)) {
            pool.setTransactionIsolation(isolation);

            assertNeverTwoOfAKey(pool, "solation");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"repeatable read", "serializable"})
    @DisplayName("a database whose transactions are isolated more by default works, or is refused by name")
    void default_isolation(String isolation) throws Exception {
        setForDatabase("default_transaction_isolation", "'" + isolation + "'");

        assertWorksOrIsRefused(admin, "default_transaction_isolation");
    }

    @ParameterizedTest
    @ValueSource(ints = {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE})
    @DisplayName("D2: what is published in a REPEATABLE READ or SERIALIZABLE transaction is delivered if that commits")
    void D2_isolation_of_the_callers_transaction(int isolation) throws Exception {
        SimulatedProcess process = start(JdbcJournal.open(admin, OPTIONS));
        Seen billed = new Seen();
        process.subscribe(durable("billing").ordered(), billed::take);
        try (Connection connection = admin.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(isolation);
            select(connection); // has its snapshot from here on
            process.publish("ada", 1);
            process.publishWithin(connection, "ada", 2);
            process.publishWithin(connection, "bob", 1);
            connection.commit();
            process.publishWithin(connection, "ada", 99);
            connection.rollback();
        }
        process.publish("ada", 3);

        soon().untilAsserted(() -> assertThat(billed.of("ada")).containsExactly(1, 2, 3));
        soon().untilAsserted(() -> assertThat(billed.of("bob")).containsExactly(1));
    }

    // ---- what may be written, and where ----

    @Test
    @DisplayName("a database whose transactions are read-only by default works, or is refused by name")
    void default_read_only() throws Exception {
        setForDatabase("default_transaction_read_only", "on");

        assertWorksOrIsRefused(admin, writable(), "read_only");
    }

    private PGSimpleDataSource writable() throws Exception {
        PGSimpleDataSource own = new PGSimpleDataSource();
        own.setUrl(SharedDatabase.of(admin).name());
        own.setOptions("-c default_transaction_read_only=off");
        return own;
    }

    @Test
    @DisplayName("a caller's transaction that is read-only is refused, and goes on")
    void a_read_only_transaction() throws Exception {
        SimulatedProcess process = start(JdbcJournal.open(admin, OPTIONS));
        process.subscribe(durable("billing"), order -> {});
        try (Connection connection = admin.getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);

            assertRefusedAndGoesOn(connection, () -> process.publishWithin(connection, "ada", 1), "read-only");
        }
    }

    @Test
    @DisplayName("D1, D2: the commit of a transaction in which something was published is on the disk when it returns")
    void D2_an_asynchronous_commit() throws Exception {
        PGSimpleDataSource hasty = copy(admin);
        hasty.setOptions("-c synchronous_commit=off");
        SimulatedProcess process = start(JdbcJournal.open(hasty, OPTIONS));
        process.subscribe(durable("billing"), order -> {});
        try (Connection connection = hasty.getConnection()) {
            connection.setAutoCommit(false);
            assertThat(setting(connection)).isEqualTo("off");
            process.publishWithin(connection, "ada", 1);
            assertThat(setting(connection)).as("of this transaction").isEqualTo("on");
            connection.commit();
            assertThat(setting(connection)).as("of the next one").isEqualTo("off");
        }
    }

    private static String setting(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW synchronous_commit")) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    @DisplayName(
            "a user with a schema and a search_path of his own, who may create nothing, has the journal that is there")
    void a_search_path_of_the_roles() throws Exception {
        PGSimpleDataSource user = userOf("events");

        assertWorksOrIsRefused(user, "search_path");
    }

    @Test
    @DisplayName(
            "D2: what is published in a transaction whose search_path is another one is in the journal that was opened")
    void D2_a_search_path_of_the_transactions() throws Exception {
        PGSimpleDataSource user = userOf("events");
        PGSimpleDataSource own = copy(user);
        own.setCurrentSchema("public");

        assertWorksOrIsRefused(user, own, "search_path");
    }

    @Test
    @DisplayName(
            "D2: what is published in a transaction whose search_path has another journal is in the one that was opened")
    void D2_a_search_path_with_another_journal() throws Exception {
        PGSimpleDataSource user = userOf("events");
        JdbcJournal.open(admin, OPTIONS).close(); // in public
        administer("GRANT ALL ON ALL TABLES IN SCHEMA public TO " + user.getUser());
        PGSimpleDataSource own = copy(user);
        own.setCurrentSchema("public");

        assertWorksOrIsRefused(user, own, "search_path");
    }

    @Test
    @DisplayName("a search_path that a pool's user changes on a borrowed connection is nothing to the journal")
    void a_search_path_left_behind() throws Exception {
        administer("CREATE SCHEMA elsewhere");
        try (HikariDataSource pool = SharedDatabase.of(admin).pool(1);
                HikariDataSource second = SharedDatabase.of(admin).pool(8)) {
            JdbcJournal.open(second, OPTIONS).close();
            try (Connection connection = pool.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("SET search_path TO elsewhere");
            }

            assertWorksOrIsRefused(second, pool, "search_path");
        }
    }

    /** A role that has this schema in its search_path, with a journal's tables that an administrator has made, and that may create nothing. */
    private PGSimpleDataSource userOf(String schema) throws Exception {
        String role = "user_" + admin.getDatabaseName();
        administer("CREATE SCHEMA " + schema);
        PGSimpleDataSource maker = copy(admin);
        maker.setCurrentSchema(schema);
        JdbcJournal.open(maker, OPTIONS).close();
        administer("CREATE ROLE " + role + " LOGIN PASSWORD 'user'");
        administer("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        administer("GRANT USAGE ON SCHEMA " + schema + " TO " + role);
        administer("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + role);
        administer("GRANT ALL ON ALL SEQUENCES IN SCHEMA " + schema + " TO " + role);
        administer("ALTER ROLE " + role + " SET search_path = " + schema);
        PGSimpleDataSource user = copy(admin);
        user.setUser(role);
        user.setPassword("user");
        return user;
    }

    private static PGSimpleDataSource copy(PGSimpleDataSource of) {
        PGSimpleDataSource copy = new PGSimpleDataSource();
        copy.setUrl(SharedDatabase.of(of).name());
        return copy;
    }

    // ---- time-outs of the database's ----

    @ParameterizedTest
    @CsvSource({"statement_timeout, 200", "lock_timeout, 50", "idle_in_transaction_session_timeout, 300"})
    @DisplayName(
            "a database with a time-out works, also while a transaction of the user's is open, or is refused by name")
    void time_outs(String setting, int millis) throws Exception {
        setForDatabase(setting, "'" + millis + "ms'");

        assertWorksOrIsRefused(admin, patient(), setting);
    }

    @ParameterizedTest
    @CsvSource({"statement_timeout, 200", "lock_timeout, 50"})
    @DisplayName(
            "a listener is subscribed under a time-out of the database's, also while a transaction of the user's is open")
    void time_outs_beside_a_subscription(String setting, int millis) throws Exception {
        setForDatabase(setting, "'" + millis + "ms'");
        SimulatedProcess process = start(JdbcJournal.open(admin, OPTIONS));
        Seen billed = new Seen();
        Seen mailed = new Seen();
        process.subscribe(durable("billing").ordered(), billed::take);
        try (Connection connection = patient().getConnection()) {
            connection.setAutoCommit(false);
            process.publishWithin(connection, "ada", 1);
            start(JdbcJournal.open(admin, OPTIONS)).subscribe(durable("mail"), mailed::take);
            process.publish("bob", 1);
            connection.commit();
        }

        soon().untilAsserted(() -> assertThat(billed.of("ada")).containsExactly(1));
        soon().untilAsserted(() -> assertThat(mailed.of("bob")).containsExactly(1));
    }

    /** For transactions of the user's own, which are to stay open for longer. */
    private PGSimpleDataSource patient() {
        PGSimpleDataSource own = copy(admin);
        own.setOptions("-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0");
        return own;
    }

    @Test
    @DisplayName(
            "D4: a transactional listener that pauses for longer than idle_in_transaction_session_timeout is made once")
    void D4_a_pause_longer_than_the_idle_timeout() throws Exception {
        setForDatabase("idle_in_transaction_session_timeout", "'300ms'");
        SimulatedProcess process;
        try {
            process = start(JdbcJournal.open(admin, OPTIONS));
        } catch (UnsupportedDatabaseException refused) {
            assertThat(refused).hasMessageContaining("idle_in_transaction_session_timeout");
            return;
        }
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch never = gate();
        process.coordinator()
                .subscribeToEvent(
                        Order.PLACED,
                        JdbcListeners.transactional((event, connection) -> {
                            runs.incrementAndGet();
                            never.await(800, TimeUnit.MILLISECONDS);
                            select(connection);
                        }),
                        durable("ledger"));
        String id = process.publish("ada", 1).eventId();

        soon().until(() -> process.journal().status(id).orElseThrow().isSettled());
        assertThat(process.journal().status(id).orElseThrow().open()).isEmpty();
        assertThat(runs).hasValue(1);
    }

    // ---- pools and drivers ----

    @Test
    @DisplayName("a pool whose connections come with autoCommit off works")
    void a_pool_without_auto_commit() throws Exception {
        try (HikariDataSource pool = SharedDatabase.of(admin).pool(8)) {
            pool.setAutoCommit(false);

            assertWorksOrIsRefused(pool, "autoCommit");
        }
    }

    @Test
    @DisplayName("D6, D10: a pool of one connection is refused with the number it takes, or is no fault")
    void D10_a_pool_of_one_connection() throws Exception {
        JournalOptions options = JournalOptions.defaults().sessionTtl(Duration.ofSeconds(1));
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch never = gate();
        SimulatedProcess last = null;
        for (int i = 0; i < 2; i++) {
            try {
                HikariDataSource pool = SharedDatabase.of(admin).pool(1);
                pool.setConnectionTimeout(2_000);
                last = start(JdbcJournal.open(pool, options));
            } catch (UnsupportedDatabaseException | IllegalArgumentException refused) {
                assertThat(refused).hasMessageMatching("(?s).*\\b[2-9] connections.*");
                return;
            }
            last.coordinator()
                    .subscribeToEvent(
                            Order.PLACED,
                            JdbcListeners.transactional((event, connection) -> {
                                runs.incrementAndGet();
                                never.await(3, TimeUnit.SECONDS);
                            }),
                            durable("ledger"));
        }
        String id = last.publish("ada", 1).eventId();
        last.journal().settled(id).get(15, TimeUnit.SECONDS);

        assertThat(last.journal().deadGroups(5)).isEmpty();
        assertThat(runs).as("runs of the listener").hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preferQueryMode=simple",
                "preferQueryMode=extendedForPrepared",
                "autosave=always",
                "reWriteBatchedInserts=true",
                "defaultRowFetchSize=1",
                "stringtype=unspecified",
                "prepareThreshold=1",
                "prepareThreshold=0",
                "binaryTransfer=false"
            })
    @DisplayName("an option of the driver's works, or is refused by name")
    void options_of_the_driver(String option) throws Exception {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(SharedDatabase.of(admin).name() + "&" + option);

        assertWorksOrIsRefused(source, option.substring(0, option.indexOf('=')));
    }

    // ---- texts ----

    @ParameterizedTest
    @ValueSource(strings = {"key", "source", "attribute", "payload"})
    @DisplayName(
            "D1, D2: a zero character in a text works, or is REJECTED by the name of what has it; a caller's transaction goes on")
    void D1_a_zero_character(String what) throws Exception {
        PublishOptions options = PublishOptions.defaults();
        Order order = new Order(what.equals("payload") ? "a\0b" : "ada", 1);
        assertKeptOrRefused(
                order,
                switch (what) {
                    case "key" -> options.key("a\0b");
                    case "source" -> options.source(URI.create("/a%00b"));
                    case "attribute" -> options.key("k").attribute("tenant", "a\0b");
                    default -> options.key("k");
                },
                what);
    }

    @Test
    @DisplayName("D1, D2: a key of 10 kB works, or is REJECTED as such; a caller's transaction goes on")
    void D1_a_long_key() throws Exception {
        StringBuilder key = new StringBuilder();
        new Random(1).ints(10_000, 'a', 'z').forEach(letter -> key.append((char) letter));

        assertKeptOrRefused(new Order("ada", 1), PublishOptions.defaults().key(key.toString()), "key");
    }

    @Test
    @DisplayName(
            "D5: events with the same long key are in order, also behind some that were published within a transaction")
    void D5_long_keys_that_begin_alike() throws Exception {
        String beginning = "k".repeat(10_000);
        SimulatedProcess process = start(JdbcJournal.open(admin, OPTIONS));
        Seen billed = new Seen();
        CountDownLatch goOn = new CountDownLatch(1);
        process.subscribe(durable("billing").ordered(), order -> {
            billed.take(order);
            if (order.customer().equals("ada")) {
                goOn.await();
            }
        });
        PublishOptions ada = PublishOptions.defaults().key(beginning + "a");
        process.publish(Order.PLACED, new Order("ada", 1), ada, Duration.ofSeconds(5));
        try (Connection connection = admin.getConnection()) {
            connection.setAutoCommit(false);
            process.publishWithin(connection, new Order("ada", 2), ada);
            connection.commit();
        }
        process.publish(Order.PLACED, new Order("ada", 3), ada, Duration.ofSeconds(5));
        PublishOptions bob = PublishOptions.defaults().key(beginning + "b");
        process.publish(Order.PLACED, new Order("bob", 1), bob, Duration.ofSeconds(5));

        soon().untilAsserted(
                        () -> assertThat(billed.of("bob")).as("another key").containsExactly(1));
        assertThat(billed.of("ada")).as("the first is at work").containsExactly(1);
        goOn.countDown();
        soon().untilAsserted(() -> assertThat(billed.of("ada")).containsExactly(1, 2, 3));
    }

    @Test
    @DisplayName("an id with a zero character is refused by name")
    void an_id_with_a_zero_character() {
        BiFunction<PublishOptions, String, PublishOptions> id = PublishOptions::id;

        assertThatThrownBy(() -> id.apply(PublishOptions.defaults(), "a\0b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("event id");
    }

    private void assertKeptOrRefused(Order order, PublishOptions options, String what) throws Exception {
        SimulatedProcess process = start(JdbcJournal.open(admin, OPTIONS));
        Seen billed = new Seen();
        process.subscribe(durable("billing").ordered(), billed::take);
        int kept = 0;
        try {
            process.publish(Order.PLACED, order, options, Duration.ofSeconds(5));
            kept++;
        } catch (PublicationNotAcceptedException refused) {
            assertThat(refused.certainty()).isEqualTo(Certainty.REJECTED);
            assertThat(refused).hasMessageMatching("(?s).*\\b" + what + "\\b.*");
        }
        try (Connection connection = admin.getConnection()) {
            connection.setAutoCommit(false);
            if (kept == 0) {
                assertRefusedAndGoesOn(connection, () -> process.publishWithin(connection, order, options), what);
            } else {
                process.publishWithin(connection, order, options);
                kept++;
            }
            process.publishWithin(connection, "last", 1);
            connection.commit();
        }
        int expected = kept;
        soon().untilAsserted(() -> assertThat(billed.of("last")).containsExactly(1));
        soon().untilAsserted(() -> assertThat(billed.of(order.customer())).hasSize(expected));
    }
}
