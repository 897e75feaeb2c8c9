package dev.convoke.examples.demo.github;

import dev.convoke.event.EventType;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The webhooks of an NDJSON file, one {@code {"type": "…", "data": {…}}} a line; blank lines do not count.
 *
 * @param webhooks those that could be read, in the order of the file
 * @param malformed the other lines
 */
public record WebhookFile(List<Webhook> webhooks, List<MalformedLine> malformed) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Copies of the lists are kept. */
    public WebhookFile {
        webhooks = List.copyOf(webhooks);
        malformed = List.copyOf(malformed);
    }

    /**
     * Reads a file; a malformed line does not keep it from the others.
     *
     * @throws IOException if the file cannot be read
     */
    public static WebhookFile read(Path file) throws IOException {
        List<Webhook> webhooks = new ArrayList<>();
        List<MalformedLine> malformed = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                readLine(number, line, webhooks, malformed);
            }
        }
        return new WebhookFile(webhooks, malformed);
    }

    private static void readLine(int number, String line, List<Webhook> webhooks, List<MalformedLine> malformed) {
        if (line.isBlank()) {
            return;
        }
        try {
            // The bytes as they are in the file: Jackson says which of them are not UTF-8.
            webhooks.add(webhook(number, JSON.readTree(line.getBytes(StandardCharsets.ISO_8859_1))));
        } catch (MismatchedInputException e) { // any tree will do, so this is about what comes after it
            malformed.add(new MalformedLine(number, "expected one JSON object, but there is more" + column(e)));
        } catch (JacksonException e) {
            malformed.add(new MalformedLine(number, "not JSON: " + e.getOriginalMessage() + column(e)));
        } catch (IllegalArgumentException e) {
            malformed.add(new MalformedLine(number, String.valueOf(e.getMessage())));
        }
    }

    private static String column(JacksonException e) {
        return e.getLocation() == null ? "" : " (byte " + e.getLocation().getColumnNr() + ")";
    }

    private static Webhook webhook(int number, JsonNode line) {
        require(line.isObject(), "expected a JSON object", line);
        JsonNode type = line.path("type");
        require(type.isString(), "expected \"type\" to be a string", type);
        JsonNode data = line.path("data");
        require(data.isObject(), "expected \"data\" to be an object", data);
        return new Webhook(number, eventName(type.stringValue()), data);
    }

    /** The name, which a coordinator must accept. */
    private static String eventName(String type) {
        return EventType.of(type, Webhook.class).name();
    }

    private static void require(boolean condition, String expected, JsonNode found) {
        if (!condition) {
            String what = found.isMissingNode()
                    ? "nothing"
                    : found.getNodeType().toString().toLowerCase(Locale.ROOT);
            throw new IllegalArgumentException(expected + ", but found " + what);
        }
    }
}
