package dev.convoke.journal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.event.Receipt;
import dev.convoke.journal.JdbcJournal;
import dev.convoke.journal.JournalOptions;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that make the tables can be run by others: they are where the page says, and make what the journal needs. */
class ScriptsTest {
    private static final Path PAGE = Path.of("../docs/durable.md");
    private static final String FOLDER = "dev/convoke/journal/internal/";

    private static List<String> scripts(String database) {
        return IntStream.rangeClosed(1, Schema.VERSION)
                .mapToObj(version -> FOLDER + database + "-" + version + ".sql")
                .toList();
    }

    @Test
    @DisplayName("the page on durable listeners names every script by its path in the jar")
    void the_page_names_every_script() throws IOException {
        List<String> named = Pattern.compile("\\| `(\\S+\\.sql)` \\| `(\\S+\\.sql)` \\|")
                .matcher(Files.readString(PAGE))
                .results()
                .flatMap((MatchResult row) -> List.of(row.group(1), row.group(2)).stream())
                .sorted()
                .toList();
        List<String> all = new ArrayList<>(scripts("postgresql"));
        all.addAll(scripts("sqlite"));

        assertThat(named).isEqualTo(all);
        for (String path : all) {
            assertThat(read(path)).contains("convoke_");
        }
    }

    @Test
    @DisplayName("the scripts, run one after another by a tool, make a journal's tables in SQLite")
    void scripts_of_sqlite(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("events.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            run(connection, scripts("sqlite"));
        }

        try (JdbcJournal journal = JdbcJournal.sqlite(file)) {
            assertThat(journal.listeners()).isEmpty();
        }
    }

    @Test
    @DisplayName("the scripts, run one after another by a tool in a schema, make the tables of a journal there")
    void scripts_of_postgresql() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
            try (Connection connection = server.getPostgresDatabase().getConnection()) {
                Database.execute(connection, "CREATE SCHEMA events");
                Database.execute(connection, "SET search_path = events");
                run(connection, scripts("postgresql"));
                Database.execute(connection, "CREATE ROLE app LOGIN");
                Database.execute(connection, "GRANT USAGE ON SCHEMA events TO app");
                Database.execute(
                        connection, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA events TO app");
            }

            JournalOptions options = JournalOptions.defaults().schema("events");
            JdbcJournal journal = JdbcJournal.open(server.getDatabase("app", "postgres"), options);
            try (AsyncEventCoordinator coordinator =
                    AsyncEventCoordinator.builder().journal(journal).build()) {
                coordinator.subscribeToEvent(
                        "ping",
                        AsyncListener.blocking(ping -> {}),
                        ListenerOptions.named("echo").durable().ordered());
                Receipt receipt = coordinator.publishEvent("ping").accepted().join();

                assertThat(journal.settled(receipt.eventId()).join().done()).isEqualTo(1);
            }
        }
    }

    private static void run(Connection connection, List<String> scripts) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            for (String script : scripts) {
                for (String sql : statements(read(script))) {
                    statement.execute(sql);
                }
            }
        }
    }

    /** As psql does it: without comments, and up to each semicolon that is in no literal. */
    private static List<String> statements(String script) {
        return Pattern.compile("(?:'[^']*'|--[^\n]*|[^;'])+?(?=;)")
                .matcher(script)
                .results()
                .map(statement -> statement.group().replaceAll("--[^\n]*", "").trim())
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    private static String read(String path) throws IOException {
        try (InputStream script = Schema.class.getResourceAsStream("/" + path)) {
            assertThat(script).as(path).isNotNull();
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
