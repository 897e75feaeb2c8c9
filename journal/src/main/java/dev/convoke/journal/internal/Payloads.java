package dev.convoke.journal.internal;

import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.journal.JournalOptions;
import dev.convoke.journal.PayloadCodec;
import dev.convoke.journal.PayloadFormat;
import dev.convoke.journal.internal.PayloadComparison.Difference;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Payloads as text, and back: what comes back is what went in, or it is refused when it is published.
 *
 * <p>Thread-safe.
 */
final class Payloads {
    private static final String NO_ATTRIBUTES = "{}";

    private final JournalOptions options;
    private final PayloadFormat format;
    private final Optional<PayloadCodec> codec;
    private final PayloadComparison comparison;
    private final Map<String, EventType<?>> types = new ConcurrentHashMap<>();

    Payloads(JournalOptions options) {
        this.options = options;
        this.codec = options.codec();
        JsonFormat json = new JsonFormat(options);
        this.format = options.format().orElse(json);
        this.comparison = new PayloadComparison(json.mapper());
        types.putAll(options.types());
    }

    /** Events of this name are of this type from now on. */
    void know(EventType<?> type) {
        types.put(type.name(), type);
    }

    /** A listener of this process reads events of this type. */
    void read(EventType<?> type) {
        know(type);
    }

    @Nullable EventType<?> typeOf(String eventName) {
        return types.get(options.nowOf(eventName));
    }

    int versionOf(String eventName) {
        return options.versionOf(eventName);
    }

    // ---- written ----

    /**
     * The payload as text.
     *
     * @throws IllegalArgumentException if it cannot be written, or would not come back as it is
     */
    String write(EventType<?> type, Object payload) {
        String what = "the payload of event " + type.name() + ", a "
                + payload.getClass().getTypeName() + ", ";
        String text = asked(what + "cannot be written: ", () -> format.write(type, payload));
        Object again = asked(what + "could not be read again: ", () -> format.read(type, versionOf(type.name()), text));
        Difference lost = asked(what + "cannot be compared with what would come back: ", () -> lost(payload, again));
        if (lost != null) {
            throw new IllegalArgumentException(what + "would not come back as it is: " + lost
                    + "; declare what may be lost as transient or @JsonIgnore");
        }
        return encoded(type, what, text);
    }

    private @Nullable Difference lost(Object payload, Object again) {
        if (payload instanceof EventArguments was && again instanceof EventArguments is) {
            Difference positional = comparison.between(was.positional(), is.positional());
            return positional == null ? comparison.between(was.named(), is.named()) : positional;
        }
        return comparison.between(payload, again);
    }

    private String encoded(EventType<?> type, String what, String text) {
        if (codec.isEmpty()) {
            return text;
        }
        String stored = asked(what + "cannot be encoded: ", () -> codec.get().encode(type, text));
        if (!text.equals(
                asked(what + "cannot be decoded again: ", () -> codec.get().decode(type, stored)))) {
            throw new IllegalArgumentException(what + "comes back from its codec as another text");
        }
        return stored;
    }

    /** What was stored, as it was before the codec: two events are the same where this is, whatever the codec adds. */
    String textOf(EventType<?> type, String stored) {
        return codec.map(own -> asked(
                        "the payload of event " + type.name() + " cannot be decoded again: ",
                        () -> own.decode(type, stored)))
                .orElse(stored);
    }

    /**
     * Whether two payloads of this event stand for the same value, though they are not the same text: a set has no order, and each
     * process may write one in another.
     */
    boolean areSame(String eventName, int version, String one, String other) {
        EventType<?> type = typeOf(eventName);
        if (type == null) {
            return false;
        }
        try {
            Object first = read(type, version, one);
            Object second = read(type, version, other);
            return asked("", () -> first.equals(second)) || lost(first, second) == null;
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }

    /** @throws IllegalArgumentException if an event's payload and attributes, as they are stored, are too large together */
    void requireBounded(EventType<?> type, String payload, String attributes) {
        int payloadBytes = bytes(payload);
        int attributesBytes = attributes.equals(NO_ATTRIBUTES) ? 0 : bytes(attributes);
        if ((long) payloadBytes + attributesBytes > options.maxPayloadBytes()) {
            String with = attributesBytes == 0 ? "" : ", and its attributes " + attributesBytes + " bytes as JSON";
            throw new IllegalArgumentException("the payload of event " + type.name() + " has " + payloadBytes + " bytes"
                    + with + ", and the journal takes " + options.maxPayloadBytes()
                    + ": JournalOptions.maxPayloadBytes");
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    // ---- read ----

    /**
     * The payload that this was made of, or of which an older version of the type was.
     *
     * @throws IllegalArgumentException if it cannot be read, or not without changing a value
     */
    Object read(EventType<?> type, int version, String stored) {
        String what =
                "a payload of event " + type.name() + ", published in version " + version + ", cannot be read as a "
                        + type.payloadType().getTypeName() + " in version " + versionOf(type.name()) + ": ";
        String text = codec.isEmpty() ? stored : asked(what, () -> codec.get().decode(type, stored));
        try {
            return asked(what, () -> format.read(type, version, text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + wayOut(version), e.getCause());
        }
    }

    private String wayOut(int version) {
        return options.format().isPresent()
                ? ""
                : "; where the class has changed, JournalOptions.version and .upcaster(event, " + version
                        + ", …) say how such a payload is read (docs/evolution.md)";
    }

    // ---- what is a user's ----

    /** Code that may be a user's: a getter, a constructor, a codec. */
    private interface Question<T extends @Nullable Object> {
        T ask() throws Exception;
    }

    private static <T extends @Nullable Object> T asked(String failure, Question<T> question) {
        try {
            return question.ask();
        } catch (StackOverflowError e) {
            throw refusal(failure, e);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Exception | Error e) {
            throw refusal(failure, e);
        }
    }

    private static IllegalArgumentException refusal(String failure, Throwable cause) {
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new IllegalArgumentException(failure + JsonFormat.describe(cause), cause);
    }

    // ---- attributes ----

    String writeAttributes(Map<String, String> attributes) {
        if (attributes.isEmpty()) {
            return NO_ATTRIBUTES;
        }
        ObjectNode node = JsonFormat.OWN.createObjectNode();
        attributes.forEach(node::put);
        return JsonFormat.OWN.writeValueAsString(node);
    }

    Map<String, String> readAttributes(String json) {
        if (json.equals(NO_ATTRIBUTES)) {
            return Map.of();
        }
        Map<String, String> attributes = new java.util.LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : JsonFormat.OWN.readTree(json).properties()) {
            attributes.put(entry.getKey(), entry.getValue().stringValue());
        }
        return attributes;
    }
}
