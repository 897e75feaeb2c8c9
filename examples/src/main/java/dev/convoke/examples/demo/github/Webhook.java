package dev.convoke.examples.demo.github;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A recorded GitHub webhook: the payload of the events that the demo publishes.
 *
 * <p>Thread-safe: immutable, as nobody writes to the data.
 *
 * @param line where it is in its file, from 1
 * @param event the name of its event, {@code github.<event>.<action>}
 * @param data what GitHub sent
 */
public record Webhook(int line, String event, JsonNode data) {
    /** The id of its event, unique within the file. */
    public String id() {
        return "line-" + line;
    }

    /** The full name of the repository that it is about, if it is about one. */
    public Optional<String> repository() {
        return data.path("repository").path("full_name").stringValueOpt();
    }

    /** The login of the account that caused it, if one did. */
    public Optional<String> sender() {
        return data.path("sender").path("login").stringValueOpt();
    }

    /** What GitHub sent, as JSON on one line. */
    public String json() {
        return data.toString();
    }
}
