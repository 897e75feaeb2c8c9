package dev.convoke.journal;

import static dev.convoke.journal.SimulatedProcess.durable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.event.PublicationNotAcceptedException.Certainty;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Databases that no journal is kept in, and are said so by their names. */
@Tag("everyday")
class SettingsRefusalTest extends SettingsScenario {
    @ParameterizedTest
    @CsvSource({
        "Cockroach, 13.0.0, CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu)",
        "(?:Yugabyte|YB), 11.2, PostgreSQL 11.2-YB-2.15.0.0-b0 on x86_64-pc-linux-gnu",
        "(?:Yugabyte|YB), 15.2, PostgreSQL 15.2-YB-2.25.0.0-b0 on x86_64-pc-linux-gnu",
        "Redshift, 8.0.2, 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2, Redshift 1.0.12103'",
        "Greenplum, 12.12, PostgreSQL 12.12 (Greenplum Database 7.0.0 build commit:0a7a3566) on x86_64-pc-linux-gnu"
    })
    @DisplayName("a database that only calls itself PostgreSQL is refused by its own name")
    void what_only_calls_itself_postgresql(String name, String number, String version) {
        DataSource impostor = proxy(DataSource.class, admin, number, version);

        assertThatThrownBy(() -> JdbcJournal.open(impostor, OPTIONS).close())
                .isInstanceOf(UnsupportedDatabaseException.class)
                .hasMessageMatching("(?s).*" + name + ".*");
    }

    /** PostgreSQL, but for what it says to {@code version()} and for its number. */
    private static <T> T proxy(Class<T> type, Object real, String number, String version) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    switch (method.getName()) {
                        case "getDatabaseProductVersion" -> {
                            return number;
                        }
                        case "getDatabaseMajorVersion" -> {
                            return Integer.parseInt(number.substring(0, number.indexOf('.')));
                        }
                        default -> {
                            try {
                                Object result = method.invoke(real, disguised(arguments, version));
                                return disguised(result, method.getReturnType(), number, version);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }
                    }
                }));
    }

    private static Object disguised(Object result, Class<?> type, String number, String version) {
        boolean isDisguised = type == Connection.class
                || type == DatabaseMetaData.class
                || (Statement.class.isAssignableFrom(type) && type.isInterface());
        return isDisguised && result != null ? proxy(type, result, number, version) : result;
    }

    /** The arguments of a call, with what a statement asks for replaced by the answer. */
    private static Object[] disguised(Object[] arguments, String version) {
        if (arguments == null || arguments.length == 0 || !(arguments[0] instanceof String sql)) {
            return arguments;
        }
        Object[] others = arguments.clone();
        others[0] = sql.replaceAll("(?i)\\b(?:pg_catalog\\.)?version\\(\\)", "CAST('" + version + "' AS text)");
        return others;
    }

    @Test
    @DisplayName("a standby is refused as read-only, and has a journal when it has become the primary")
    void a_standby() throws Exception {
        Path data = Files.createTempDirectory("convoke-standby");
        try (EmbeddedPostgres primary = at(data)) {
            JdbcJournal.open(primary.getPostgresDatabase(), OPTIONS).close();
        }
        Files.createFile(data.resolve("standby.signal"));
        try (EmbeddedPostgres standby = at(data)) {
            DataSource source = standby.getPostgresDatabase();

            assertThatThrownBy(() -> JdbcJournal.open(source, OPTIONS).close())
                    .isInstanceOf(UnsupportedDatabaseException.class)
                    .hasMessageMatching("(?s).*(?:read-only|recovery|standby).*");

            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_promote()");
            }
            assertWorksOrIsRefused(source, "nothing is wrong with a primary");
            endAll();
        }
    }

    private static EmbeddedPostgres at(Path data) throws Exception {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .start();
    }

    @Test
    @DisplayName("D1: a database that becomes read-only rejects, and accepts again when it can be written")
    void D1_a_database_that_becomes_read_only() throws Exception {
        SimulatedProcess process = start(JdbcJournal.open(admin, OPTIONS)); // with a connection for each transaction
        Seen billed = new Seen();
        process.subscribe(durable("billing"), billed::take);
        setForDatabase("default_transaction_read_only", "on");
        try {
            process.publish("ada", 1); // it may overrule the setting
        } catch (PublicationNotAcceptedException refused) {
            assertThat(refused.certainty()).isEqualTo(Certainty.REJECTED);
            assertThat(refused).hasStackTraceContaining("read-only");
        }
        writeAgain();
        process.publish("ada", 2);

        soon().untilAsserted(() -> assertThat(billed.of("ada")).contains(2));
    }

    private void writeAgain() throws SQLException {
        try (Connection connection = admin.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET default_transaction_read_only = off");
            statement.execute("ALTER DATABASE " + admin.getDatabaseName() + " SET default_transaction_read_only = off");
        }
    }
}
