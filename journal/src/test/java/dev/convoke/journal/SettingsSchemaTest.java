package dev.convoke.journal;

import static dev.convoke.journal.SimulatedProcess.durable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A journal in a schema that is said by its name, whatever the search_path of who is connected. */
@Tag("everyday")
class SettingsSchemaTest extends SettingsScenario {
    @Override
    JournalOptions options() {
        return super.options().schema("events");
    }

    private PGSimpleDataSource with(String searchPath) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(SharedDatabase.of(admin).name());
        source.setCurrentSchema(searchPath);
        return source;
    }

    @Test
    @DisplayName(
            "D2: a role with a search_path of its own, who may create nothing, has the journal that an administrator has made")
    void D2_a_schema_that_an_administrator_has_made() throws Exception {
        String role = "user_" + admin.getDatabaseName();
        administer("CREATE SCHEMA events");
        administer("CREATE SCHEMA app");
        JdbcJournal.open(admin, options()).close();
        administer("CREATE ROLE " + role + " LOGIN PASSWORD 'user'");
        administer("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        administer("GRANT USAGE ON SCHEMA events, app TO " + role);
        administer("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA events TO " + role);
        administer("GRANT ALL ON ALL SEQUENCES IN SCHEMA events TO " + role);
        administer("ALTER ROLE " + role + " SET search_path = app");
        PGSimpleDataSource user = with("app");
        user.setUser(role);
        user.setPassword("user");

        assertWorksOrIsRefused(user, "nothing is wrong with it");
        assertThat(tables("events")).isPositive();
        assertThat(tables("app") + tables("public")).isZero();
    }

    private int tables(String schema) throws Exception {
        try (Connection connection = admin.getConnection();
                var select = connection.prepareStatement(
                        "SELECT count(*) FROM pg_tables WHERE schemaname = ? AND tablename LIKE 'convoke%'")) {
            select.setString(1, schema);
            var rows = select.executeQuery();
            rows.next();
            return rows.getInt(1);
        }
    }

    @Test
    @DisplayName("D2: the search_path of the caller's transaction says nothing about the journal that it publishes in")
    void D2_search_paths_of_transactions() throws Exception {
        administer("CREATE SCHEMA events");
        administer("CREATE SCHEMA other");
        JdbcJournal.open(with("other"), OPTIONS).close(); // tables of another journal

        assertWorksOrIsRefused(admin, with("other"), "nothing is wrong with it");
    }

    @Test
    @DisplayName("D3: journals in two schemas of one database know nothing of each other")
    void D3_two_schemas() throws Exception {
        administer("CREATE SCHEMA events");
        administer("CREATE SCHEMA other");
        SimulatedProcess one = start(JdbcJournal.open(admin, OPTIONS.schema("events")));
        SimulatedProcess two = start(JdbcJournal.open(admin, OPTIONS.schema("other")));
        Seen first = new Seen();
        Seen second = new Seen();
        one.subscribe(durable("billing").ordered(), first::take);
        two.subscribe(durable("billing").ordered(), second::take);
        one.publish("ada", 1);
        two.publish("ada", 2);

        soon().untilAsserted(() -> assertThat(first.of("ada")).containsExactly(1));
        soon().untilAsserted(() -> assertThat(second.of("ada")).containsExactly(2));
    }

    @Test
    @DisplayName("a schema with an odd name works")
    void a_schema_with_an_odd_name() throws Exception {
        administer("CREATE SCHEMA \"Events, \"\"old\"\"\"");
        SimulatedProcess process = start(JdbcJournal.open(admin, OPTIONS.schema("Events, \"old\"")));
        Seen seen = new Seen();
        process.subscribe(durable("billing").ordered(), seen::take);
        process.publish("ada", 1);

        soon().untilAsserted(() -> assertThat(seen.of("ada")).containsExactly(1));
    }

    @Test
    @DisplayName("a schema that cannot be made by this user, or that SQLite has no word for, is refused by its name")
    void a_schema_that_is_not_there() throws Exception {
        String role = "reader_" + admin.getDatabaseName();
        administer("CREATE ROLE " + role + " LOGIN PASSWORD 'reader'");
        PGSimpleDataSource reader = with("public");
        reader.setUser(role);
        reader.setPassword("reader");

        assertThatThrownBy(() -> JdbcJournal.open(reader, OPTIONS.schema("missing")))
                .isInstanceOf(UnsupportedDatabaseException.class)
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> JdbcJournal.sqlite(directory.resolve("events.db"), OPTIONS.schema("events")))
                .isInstanceOfAny(UnsupportedDatabaseException.class, IllegalArgumentException.class)
                .hasMessageContaining("schema");
    }
}
