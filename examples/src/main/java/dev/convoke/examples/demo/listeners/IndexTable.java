package dev.convoke.examples.demo.listeners;

import dev.convoke.examples.demo.github.Webhook;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The table of the full-text index: how it is made, written to and asked. Thread-safe: it has no state. */
final class IndexTable {
    /** Makes the table where there is none. */
    static final String CREATE =
            "CREATE VIRTUAL TABLE IF NOT EXISTS webhooks USING fts5(line UNINDEXED, event, repository, sender, body)";

    /** Writes one event; see {@link #insert(PreparedStatement, Webhook, String)}. */
    static final String INSERT = "INSERT INTO webhooks (line, event, repository, sender, body) VALUES (?, ?, ?, ?, ?)";

    private static final String COUNT = "SELECT count(*) FROM webhooks";
    private static final String COUNT_MATCHES = "SELECT count(*) FROM webhooks WHERE webhooks MATCH ?";
    private static final String BEST_MATCH =
            "SELECT event || ' line-' || line FROM webhooks WHERE webhooks MATCH ? ORDER BY rank, line LIMIT 1";

    private IndexTable() {}

    /** What is looked through for an event: every text in its data that is no address. */
    static String body(Webhook webhook) {
        return texts(webhook.data()).collect(Collectors.joining("\n"));
    }

    private static Stream<String> texts(JsonNode node) {
        return node.isString()
                ? Stream.of(node.stringValue()).filter(text -> !text.startsWith("http"))
                : node.valueStream().flatMap(IndexTable::texts);
    }

    static void insert(PreparedStatement insert, Webhook webhook, String body) throws SQLException {
        insert.setInt(1, webhook.line());
        insert.setString(2, webhook.event());
        insert.setString(3, webhook.repository().orElse(""));
        insert.setString(4, webhook.sender().orElse(""));
        insert.setString(5, body);
        insert.executeUpdate();
    }

    /** How many events are in the index. */
    static int size(Connection connection) throws SQLException {
        return Integer.parseInt(ask(connection, COUNT));
    }

    /** Looks for a word. */
    static SearchResult search(Connection connection, String word) throws SQLException {
        int events = Integer.parseInt(ask(connection, COUNT_MATCHES, word));
        return new SearchResult(word, events, events == 0 ? "" : ask(connection, BEST_MATCH, word));
    }

    private static String ask(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement question = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                question.setString(i + 1, parameters[i]);
            }
            try (ResultSet answer = question.executeQuery()) {
                return answer.getString(1);
            }
        }
    }
}
