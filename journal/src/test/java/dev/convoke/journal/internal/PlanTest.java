package dev.convoke.journal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.journal.DeadSelection;
import dev.convoke.journal.EventStatus.State;
import dev.convoke.journal.JdbcJournal;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done for each delivery takes as long whatever the tables have: each is found by walking along an index. */
class PlanTest {
    /** Some hundred of many dead deliveries, behind those that were changed before. */
    private static final String SOME_DEAD = "SELECT d.event, d.listener, d.lane"
            + DeadFilter.of(DeadSelection.all().listener("billing"), State.DEAD, Dialect.POSTGRESQL)
                    .after(DeliveryId.FIRST)
                    .sql()
                    .replace("(?, ?)", "(7, 'billing')")
                    .replace("= ?", "= 'billing'")
            + " ORDER BY d.event, d.listener LIMIT 500";

    private static final List<String> STATEMENTS = List.of(
            DeliveryTable.CLAIM,
            DeliveryTable.CLAIM_SUSPECT,
            DeliveryTable.CLAIM_PARKED,
            DeliveryTable.PROMOTE,
            DeliveryTable.DONE,
            SOME_DEAD,
            EventTable.LOOK,
            EventTable.FORGET);

    @Test
    @DisplayName("PostgreSQL walks along indexes, also before it knows anything of its tables")
    void postgresql_walks_along_indexes() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("autovacuum", "off")
                        .start();
                Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            JdbcJournal.open(server.getPostgresDatabase()).close();
            statement.execute(
                    "INSERT INTO convoke_event (source, event_id, name, published_at, version, payload, attributes, stored_at)"
                            + " SELECT '/convoke', g::text, 'many', 0, 1, '{}', '{}', 0 FROM generate_series(1, 20000) AS g");
            statement.execute("INSERT INTO convoke_delivery (event, listener, lane, state, due_at)"
                    + " SELECT id, 'billing', 'ada', 'READY', id FROM convoke_event");
            connection.setAutoCommit(false);
            Dialect.POSTGRESQL.begin(connection, 60_000);

            for (String sql : STATEMENTS) {
                String plan = plan(statement, "EXPLAIN " + literal(Dialect.POSTGRESQL.sql(sql)), 1);
                assertThat(plan)
                        .as(sql)
                        .doesNotContain("Seq Scan on convoke")
                        .doesNotContain("Sort")
                        .doesNotContain("Bitmap");
            }
            assertThat(plan(statement, "EXPLAIN " + literal(Dialect.POSTGRESQL.sql(DeliveryTable.CLAIM)), 1))
                    .as("it stops where deliveries are not due")
                    .containsPattern("Index Cond: .*due_at <=");
            assertThat(plan(statement, "EXPLAIN " + literal(Dialect.POSTGRESQL.sql(DeliveryTable.PROMOTE)), 1))
                    .contains("convoke_delivery_head");
            assertThat(plan(statement, "EXPLAIN " + literal(DeliveryTable.DONE), 1))
                    .as("it is found by its key, however many run")
                    .contains("convoke_delivery_pkey");
            assertThat(plan(statement, "EXPLAIN " + literal(InboxTable.TAKE), 1))
                    .contains("Index Scan using convoke_inbox_pkey")
                    .doesNotContain("Seq Scan")
                    .doesNotContain("Sort");
            assertThat(plan(statement, "EXPLAIN " + SOME_DEAD, 1))
                    .contains("convoke_delivery_oldest")
                    .contains("Index Cond: (ROW(event, listener)");
        }
    }

    @Test
    @DisplayName("SQLite walks along indexes")
    void sqlite_walks_along_indexes(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("events.db");
        JdbcJournal.sqlite(file).close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String sql : STATEMENTS) {
                String plan = plan(statement, "EXPLAIN QUERY PLAN " + literal(Dialect.SQLITE.sql(sql)), 4);
                assertThat(plan).as(sql).doesNotContain("SCAN convoke").doesNotContain("TEMP B-TREE");
            }
            assertThat(plan(statement, "EXPLAIN QUERY PLAN " + literal(Dialect.SQLITE.sql(DeliveryTable.CLAIM)), 4))
                    .as("it stops where deliveries are not due")
                    .contains("convoke_delivery_ready (listener=? AND due_at>? AND due_at<?)");
            assertThat(plan(statement, "EXPLAIN QUERY PLAN " + literal(Dialect.SQLITE.sql(DeliveryTable.PROMOTE)), 4))
                    .contains("convoke_delivery_head");
            assertThat(plan(statement, "EXPLAIN QUERY PLAN " + literal(InboxTable.TAKE), 4))
                    .as("it walks along the ids")
                    .doesNotContain("TEMP B-TREE");
            assertThat(plan(statement, "EXPLAIN QUERY PLAN " + SOME_DEAD, 4))
                    .contains("convoke_delivery_oldest ((event,listener)>(?,?))");
        }
    }

    /** Numbers do for all parameters that matter to a plan, but texts. */
    private static String literal(String sql) {
        return sql.replace("listener = ?", "listener = 'billing'")
                .replace("lane = ?", "lane = 'ada'")
                .replace("needs = ?", "needs = '1 order.placed'")
                .replace("session = ?", "session = 's'")
                .replace("id = ?)", "id = 's')")
                .replace("?", "1000");
    }

    private static String plan(Statement statement, String sql, int column) throws SQLException {
        StringBuilder plan = new StringBuilder();
        ResultSet rows = statement.executeQuery(sql);
        while (rows.next()) {
            plan.append(rows.getString(column)).append('\n');
        }
        return plan.toString();
    }
}
