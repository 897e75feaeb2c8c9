package dev.convoke.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The demo on the recorded webhooks: twice, into one directory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoTest {
    private static final int EVENTS = 329;

    private Path directory;
    private Ran first;
    private Ran second;

    @BeforeAll
    void runTwice(@TempDir Path temporary) throws InterruptedException {
        directory = temporary.resolve("a new one");
        first = Ran.demo("--json", "--out", directory);
        second = Ran.demo("--json", "--out=" + directory);
    }

    @Test
    void it_ends_with_0_even_though_some_listeners_fail() {
        assertThat(first.exitCode()).isZero();
        assertThat(second.exitCode()).isZero();
    }

    @Test
    void every_payload_is_published_once() {
        assertThat(first.json().path("publications").intValue()).isEqualTo(EVENTS);
    }

    @ParameterizedTest
    @CsvSource({
        "search-index,     329,  0, 0",
        "webhook,          329,  0, 0",
        "statistics,       329,  0, 0",
        "audit,            329,  0, 0",
        "slow-report,      329,  0, 0",
        "strict-validator, 282, 47, 0",
        "flaky-partner,    321,  0, 8"
    })
    void every_delivery_has_its_result(String listener, int succeeded, int failed, int timedOut) {
        JsonNode counts = first.json().path("deliveries").path(listener);

        assertThat(counts.path("succeeded").intValue()).isEqualTo(succeeded);
        assertThat(counts.path("failed").intValue()).isEqualTo(failed);
        assertThat(counts.path("timedOut").intValue()).isEqualTo(timedOut);
        for (String none : List.of("cancelled", "skipped", "rejected", "accepted")) {
            assertThat(counts.path(none).intValue()).as(none).isZero();
        }
    }

    @Test
    void failures_are_grouped_by_their_cause() {
        JsonNode failures = first.json().path("failures");

        assertThat(failures.propertyNames()).containsExactly("strict-validator", "flaky-partner");
        assertThat(failures.path("strict-validator").valueStream().map(DemoTest::group))
                .containsExactly(
                        "23 × InvalidWebhookException: its repository is private, first line-1",
                        "20 × InvalidWebhookException: its sender is an organization, first line-24",
                        "4 × InvalidWebhookException: it has no sender, first line-288");
        assertThat(failures.path("flaky-partner").valueStream().map(DemoTest::group))
                .containsExactly("8 × no result within 400 ms, first line-170");
    }

    private static String group(JsonNode group) {
        return group.path("count").intValue() + " × " + group.path("cause").stringValue() + ", first "
                + group.path("firstId").stringValue();
    }

    @Test
    void the_same_input_gives_the_same_counts() {
        assertThat(counts(second)).isEqualTo(counts(first));
    }

    /** Everything but times and sizes. */
    private static List<JsonNode> counts(Ran ran) {
        JsonNode json = ran.json();
        return List.of(
                json.path("publications"),
                json.path("deliveries"),
                json.path("failures"),
                json.path("work").path("search"),
                json.path("work").path("posts"),
                json.path("work").path("statistics"),
                json.path("malformed"));
    }

    @Test
    void latencies_are_in_order() {
        JsonNode latency = first.json().path("latencyMillis");
        assertThat(first.json().path("tookMillisByListener").size()).isEqualTo(7);

        assertThat(latency.path("p50").doubleValue()).isPositive();
        assertThat(latency.path("p95").doubleValue())
                .isBetween(
                        latency.path("p50").doubleValue(), latency.path("max").doubleValue());
    }

    @Test
    void the_slowest_publication_is_shown_with_all_its_deliveries() {
        JsonNode slowest = first.json().path("slowest");

        assertThat(slowest.path("tookMillis").doubleValue())
                .isEqualTo(first.json().path("latencyMillis").path("max").doubleValue());
        assertThat(slowest.path("id").stringValue()).startsWith("line-");
        assertThat(slowest.path("deliveries").valueStream()).hasSize(7).allSatisfy(delivery -> {
            assertThat(delivery.path("startMillis").doubleValue()).isNotNegative();
            assertThat(delivery.path("startMillis").doubleValue()
                            + delivery.path("tookMillis").doubleValue())
                    .isLessThanOrEqualTo(slowest.path("tookMillis").doubleValue() + 1);
        });
    }

    @Test
    void the_index_has_a_row_for_each_event_and_finds_words() throws SQLException {
        try (Connection connection =
                DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("webhooks-index.db"))) {
            assertThat(ask(connection, "SELECT count(DISTINCT line) FROM webhooks"))
                    .isEqualTo(EVENTS);
            assertThat(ask(connection, "SELECT count(*) FROM webhooks")).isEqualTo(EVENTS);
            assertThat(ask(connection, "SELECT count(*) FROM webhooks('spelling')"))
                    .isEqualTo(34)
                    .isEqualTo(first.json()
                            .path("work")
                            .path("search")
                            .path("events")
                            .intValue());
            assertThat(ask(connection, "SELECT count(*) FROM webhooks('nobodysaidthis')"))
                    .isZero();
        }
    }

    private static int ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            return answer.getInt(1);
        }
    }

    @Test
    void the_audit_file_has_a_line_for_each_event() throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve("webhooks-audit.log"));

        assertThat(lines).hasSize(EVENTS).allMatch(line -> line.matches("line-\\d+\t.*\tsha256:[0-9a-f]{64}"));
        assertThat(lines.stream().map(line -> line.split("\t", 2)[0])).doesNotHaveDuplicates();
    }

    @Test
    void the_endpoint_got_a_post_for_each_event() {
        assertThat(first.json().path("work").path("posts").intValue()).isEqualTo(EVENTS);
    }

    @Test
    void the_statistics_agree_with_the_file() {
        JsonNode statistics = first.json().path("work").path("statistics");

        assertThat(statistics.path("events").intValue()).isEqualTo(161);
        assertThat(statistics.path("repositories").intValue()).isEqualTo(13);
        assertThat(statistics.path("senders").intValue()).isEqualTo(14);
        assertThat(statistics.path("busiestRepository").stringValue()).isEqualTo("Codertocat/Hello-World");
        assertThat(statistics.path("busiestEvents").intValue()).isEqualTo(230);
    }

    @Test
    void where_nobody_looks_progress_is_a_few_plain_lines() {
        assertThat(first.err()).isEqualToNormalizingNewlines("""
                        83 of 329 published
                        165 of 329 published
                        247 of 329 published
                        329 of 329 published
                        """);
    }
}
