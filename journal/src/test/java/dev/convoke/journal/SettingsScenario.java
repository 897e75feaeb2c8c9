package dev.convoke.journal;

import static dev.convoke.journal.SimulatedProcess.durable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.testkit.journal.Order;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.postgresql.ds.PGSimpleDataSource;

/** What is to be right under each setting of a user's: two processes, transactions of the user's own, order, and effects. */
abstract class SettingsScenario extends SeveralProcesses {
    static final JournalOptions OPTIONS = JournalOptions.defaults().sessionTtl(Duration.ofSeconds(5));
    private static final int EVENTS = 12; // more than it takes the driver to name its statements

    /** The administrator's. */
    PGSimpleDataSource admin;

    /** What journals are opened with. */
    JournalOptions options() {
        return OPTIONS;
    }

    @BeforeEach
    void createDatabase() throws Exception {
        admin = server().createDatabase();
    }

    final void administer(String sql) throws SQLException {
        PostgresqlServer.execute(admin, sql);
    }

    /** Sets it for all connections to come. */
    final void setForDatabase(String setting, String value) throws SQLException {
        administer("ALTER DATABASE " + admin.getDatabaseName() + " SET " + setting + " = " + value);
    }

    /** All works; or opening the journal is refused, with the setting in the message. */
    final void assertWorksOrIsRefused(DataSource source, String setting) throws Exception {
        assertWorksOrIsRefused(source, source, setting);
    }

    /** The same for a user whose own transactions are those of another data source. */
    final void assertWorksOrIsRefused(DataSource source, DataSource own, String setting) throws Exception {
        JdbcJournal journal;
        try {
            journal = JdbcJournal.open(source, options());
        } catch (UnsupportedDatabaseException refused) {
            assertThat(refused).hasMessageContaining(setting);
            return;
        }
        assertWorks(start(journal), source, own);
    }

    private void assertWorks(SimulatedProcess one, DataSource source, DataSource own) throws Exception {
        Seen billed = new Seen();
        Seen ledger = new Seen();
        subscribe(one, billed, ledger);
        SimulatedProcess two;
        try (Connection connection = own.getConnection()) {
            connection.setAutoCommit(false);
            one.publishWithin(connection, "ada", 1);
            two = start(JdbcJournal.open(source, options()));
            subscribe(two, billed, ledger);
            two.publish("bob", 1);
            connection.commit();
            one.publishWithin(connection, "ada", 99);
            connection.rollback();
            for (int number = 2; number <= EVENTS; number++) {
                one.publishWithin(connection, "ada", number);
                connection.commit();
                (number % 2 == 0 ? one : two).publish("bob", number);
            }
        }
        List<Integer> all = IntStream.rangeClosed(1, EVENTS).boxed().toList();
        for (String customer : List.of("ada", "bob")) {
            soon().untilAsserted(() ->
                    assertThat(billed.of(customer)).as("billed to %s", customer).isEqualTo(all));
            soon().untilAsserted(() -> assertThat(ledger.of(customer))
                    .as("ledger of %s", customer)
                    .containsExactlyInAnyOrderElementsOf(all));
        }
        assertThat(billed.mostAtATime()).isEqualTo(1);
        assertThat(one.journal().deadGroups(5)).isEmpty();
    }

    private static void subscribe(SimulatedProcess process, Seen billed, Seen ledger) throws Exception {
        process.subscribe(durable("billing").ordered(), order -> billed.take(order, Duration.ofMillis(20)));
        process.coordinator()
                .subscribeToEvent(
                        Order.PLACED,
                        JdbcListeners.transactional((event, connection) -> {
                            ledger.take(event.payload());
                            select(connection);
                        }),
                        durable("ledger"));
    }

    /** Two of one key are published at a time, again and again: their deliveries never are. Or opening is refused, as above. */
    final void assertNeverTwoOfAKey(DataSource source, String setting) throws Exception {
        SimulatedProcess one;
        try {
            one = start(JdbcJournal.open(source, options()));
        } catch (UnsupportedDatabaseException refused) {
            assertThat(refused).hasMessageContaining(setting);
            return;
        }
        Seen billed = new Seen();
        one.subscribe(durable("billing").ordered(), order -> billed.take(order, Duration.ofMillis(200)));
        SimulatedProcess two = start(JdbcJournal.open(source, options()));
        int pairs = 5;
        for (int pair = 0; pair < pairs; pair++) {
            try (Connection connection = source.getConnection()) {
                connection.setAutoCommit(false);
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                one.publishWithin(connection, "ada", 2 * pair);
                var other = two.publishing("ada", 2 * pair + 1);
                try {
                    other.get(200, TimeUnit.MILLISECONDS);
                } catch (TimeoutException waiting) {
                    // which is another promise's matter
                }
                connection.commit();
                SimulatedProcess.within(Duration.ofSeconds(5), "acceptance beside a transaction that is over", other);
            }
        }
        soon().untilAsserted(() -> assertThat(billed.of("ada")).hasSize(2 * pairs));
        assertThat(billed.mostAtATime())
                .as("deliveries of one key at a time, under %s", setting)
                .isEqualTo(1);
    }

    /** What is published so is refused with these words, and the caller's transaction goes on. */
    static void assertRefusedAndGoesOn(Connection connection, ThrowingCallable publication, String words)
            throws SQLException {
        assertThatThrownBy(publication)
                .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class)
                .hasMessageContaining(words);
        select(connection);
    }

    /** Fails in a transaction that the database has given up. */
    static void select(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        }
    }
}
