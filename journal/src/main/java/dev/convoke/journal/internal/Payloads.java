package dev.convoke.journal.internal;

import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.journal.JournalOptions;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Payloads as JSON, and back. What class one becomes is said by the event types that this process knows, never by the data.
 *
 * <p>Thread-safe.
 */
final class Payloads {
    /** Dates come back with the zones that they had. */
    private final ObjectMapper mapper = JsonMapper.builder()
            .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
            .build();

    private final JournalOptions options;
    private final Map<String, EventType<?>> types = new ConcurrentHashMap<>();

    /** Events that listeners of this process read. */
    private final Set<String> readHere = ConcurrentHashMap.newKeySet();

    /** Classes of payloads that were read again. */
    private final Set<Class<?>> readable = ConcurrentHashMap.newKeySet();

    Payloads(JournalOptions options) {
        this.options = options;
        types.putAll(options.types());
    }

    /** What an {@link EventArguments} is kept as. */
    private record Arguments(
            @Nullable List<@Nullable Object> positional,
            @Nullable Map<String, @Nullable Object> named) {}

    /** Events of this name are of this type from now on. */
    void know(EventType<?> type) {
        types.put(type.name(), type);
    }

    /** A listener of this process reads events of this type. */
    void read(EventType<?> type) {
        know(type);
        readHere.add(type.name());
    }

    @Nullable EventType<?> typeOf(String eventName) {
        return types.get(options.nowOf(eventName));
    }

    int versionOf(String eventName) {
        return options.versionOf(eventName);
    }

    /**
     * The payload as JSON.
     *
     * @throws IllegalArgumentException if it cannot be written, or is too large
     */
    String write(EventType<?> type, Object payload) {
        String json = json(type, payload);
        int bytes = json.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > options.maxPayloadBytes()) {
            throw new IllegalArgumentException("the payload of event " + type.name() + " has " + bytes
                    + " bytes, and the journal takes " + options.maxPayloadBytes());
        }
        return json;
    }

    private String json(EventType<?> type, Object payload) {
        String what = "the payload of event " + type.name() + ", a "
                + payload.getClass().getName() + ", ";
        String json;
        try {
            json = payload instanceof EventArguments arguments
                    ? mapper.writeValueAsString(new Arguments(arguments.positional(), arguments.named()))
                    : mapper.writerFor(mapper.constructType(type.payloadType())).writeValueAsString(payload);
        } catch (JacksonException | StackOverflowError e) {
            throw new IllegalArgumentException(what + "cannot be made into JSON: " + e, e);
        }
        if (json.equals("{}") && hasFields(payload.getClass())) {
            throw new IllegalArgumentException(what + "has fields, and nothing of them in its JSON");
        }
        try {
            requireReadable(type, payload, json);
        } catch (JacksonException | IllegalArgumentException | StackOverflowError e) {
            throw new IllegalArgumentException(what + "could not be read again: " + e, e);
        }
        return json;
    }

    private static boolean hasFields(Class<?> type) {
        return type != Object.class
                && type != null
                && (Arrays.stream(type.getDeclaredFields()).anyMatch(field -> !Modifier.isStatic(field.getModifiers()))
                        || hasFields(type.getSuperclass()));
    }

    /**
     * What is written may break a limit of what is read, as on the digits of a number, or be of a class that cannot be made again:
     * that is to be known now, not when it is due. The second is tried once for each class, and where it is read here, too.
     */
    private void requireReadable(EventType<?> type, Object payload, String json) {
        try (JsonParser parser = mapper.createParser(json)) {
            while (parser.nextToken() != null) {
                parser.finishToken();
            }
        }
        if (readHere.contains(type.name()) && !readable.contains(payload.getClass())) {
            Object again = read(type, versionOf(type.name()), json);
            readable.add(again.getClass());
        }
    }

    /**
     * The payload that this was made of, or of which an older version of the type was.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    Object read(EventType<?> type, int version, String json) {
        try {
            Object payload = version == versionOf(type.name())
                    ? mapper.readValue(json, mapper.constructType(target(type)))
                    : mapper.treeToValue(
                            upcast(type.name(), version, mapper.readTree(json)), mapper.constructType(target(type)));
            if (payload == null) {
                throw new IllegalArgumentException("a payload of event " + type.name() + " is null");
            }
            return payload instanceof Arguments arguments ? arguments(arguments) : payload;
        } catch (JacksonException | StackOverflowError e) {
            throw new IllegalArgumentException("a payload of event " + type.name() + " cannot be read: " + e, e);
        }
    }

    private static java.lang.reflect.Type target(EventType<?> type) {
        return type.payloadType() == EventArguments.class ? Arguments.class : type.payloadType();
    }

    private JsonNode upcast(String eventName, int from, JsonNode payload) {
        JsonNode upcast = payload;
        for (int version = from; version < versionOf(eventName); version++) {
            int last = version;
            UnaryOperator<JsonNode> next = options.upcasterOf(eventName, version)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "there is no upcaster for payloads of event " + eventName + " in version " + last));
            upcast = next.apply(upcast);
        }
        if (from > versionOf(eventName)) {
            throw new IllegalArgumentException("a payload of event " + eventName + " is in version " + from
                    + ", and this process knows those up to " + versionOf(eventName));
        }
        return upcast;
    }

    private static EventArguments arguments(Arguments kept) {
        EventArguments arguments =
                kept.positional == null ? EventArguments.of() : EventArguments.of(kept.positional.toArray());
        if (kept.named != null) {
            for (Map.Entry<String, @Nullable Object> named : kept.named.entrySet()) {
                arguments = arguments.with(named.getKey(), named.getValue());
            }
        }
        return arguments;
    }

    String writeAttributes(Map<String, String> attributes) {
        return attributes.isEmpty() ? "{}" : mapper.writeValueAsString(attributes);
    }

    @SuppressWarnings("unchecked") // JSON's keys are text, and what was written were texts
    Map<String, String> readAttributes(String json) {
        return json.equals("{}") ? Map.of() : mapper.readValue(json, Map.class);
    }
}
