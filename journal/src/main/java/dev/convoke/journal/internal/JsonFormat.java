package dev.convoke.journal.internal;

import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.journal.JournalOptions;
import dev.convoke.journal.PayloadFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.json.JsonMapper;

/**
 * Payloads as JSON. What class one becomes is said by the event's type, never by the data.
 *
 * <p>Thread-safe.
 */
final class JsonFormat implements PayloadFormat {
    /** For JSON of the journal's own, whatever a user wants of payloads. */
    static final JsonMapper OWN = JsonMapper.builder().build();

    private final JournalOptions options;
    private final JsonMapper mapper;

    /** Numbers are kept as they are written: an upcaster does not round them by passing them on. */
    private final ObjectReader trees;

    JsonFormat(JournalOptions options) {
        this.options = options;
        this.mapper = JsonDefaults.mapper(options)
                .rebuild()
                .addHandler(new NoteUnknown())
                .build();
        this.trees = mapper.reader()
                .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .forType(JsonNode.class);
    }

    JsonMapper mapper() {
        return mapper;
    }

    /** A property of JSON that the class does not have. */
    private record Unknown(String property, String type) {}

    /** Notes properties that are passed over, so that a renamed one can be told from one that is gone. */
    private static final class NoteUnknown extends DeserializationProblemHandler {
        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                ValueDeserializer<?> deserializer,
                Object beanOrClass,
                String property) {
            if (context.getAttribute(Unknown.class) instanceof List<?> noted) {
                Class<?> type = beanOrClass instanceof Class<?> plain ? plain : beanOrClass.getClass();
                add(noted, new Unknown(property, type.getName()));
            }
            return false; // passed over, or refused where the user has it so
        }

        @SuppressWarnings("unchecked") // what `read` has put there
        private static void add(List<?> noted, Unknown one) {
            ((List<Unknown>) noted).add(one);
        }
    }

    @Override
    public String write(EventType<?> type, Object payload) {
        return payload instanceof EventArguments arguments
                ? OWN.writeValueAsString(ArgumentsJson.write(arguments))
                : mapper.writerFor(mapper.constructType(type.payloadType())).writeValueAsString(payload);
    }

    @Override
    public Object read(EventType<?> type, int version, String json) {
        int now = options.versionOf(type.name());
        if (type.payloadType() == EventArguments.class) {
            return ArgumentsJson.read(upcast(type.name(), version, OWN.readTree(json)));
        }
        JsonNode upcast = version == now ? null : upcast(type.name(), version, trees.readTree(json));
        List<Unknown> unknown = new ArrayList<>(0);
        try (JsonParser parser = upcast == null ? mapper.createParser(json) : mapper.treeAsTokens(upcast)) {
            JavaType target = mapper.constructType(type.payloadType());
            Object payload = mapper.readerFor(target)
                    .withAttribute(Unknown.class, unknown)
                    .readValue(new ExactParser(parser));
            if (payload == null) {
                throw new IllegalArgumentException("it is null");
            }
            if (!unknown.isEmpty()) {
                requireNoneRenamed(upcast == null ? trees.readTree(json) : upcast, write(type, payload), unknown);
            }
            return payload;
        }
    }

    // ---- upcasters ----

    private JsonNode upcast(String eventName, int from, JsonNode payload) {
        int now = options.versionOf(eventName);
        if (from > now) {
            throw new IllegalArgumentException("a payload of event " + eventName + " is in version " + from
                    + ", and this process knows those up to " + now);
        }
        JsonNode upcast = payload;
        for (int version = from; version < now; version++) {
            upcast = next(eventName, version, upcast);
        }
        return upcast;
    }

    private JsonNode next(String eventName, int version, JsonNode payload) {
        UnaryOperator<JsonNode> upcaster = options.upcasterOf(eventName, version)
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no upcaster for payloads of event " + eventName + " in version " + version));
        JsonNode next;
        try {
            next = upcaster.apply(payload);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("its upcaster from version " + version + " failed: " + e, e);
        }
        if (next == null) {
            throw new IllegalArgumentException("its upcaster from version " + version + " returned null");
        }
        return next;
    }

    // ---- renamed properties ----

    /** What the class does not know any more is passed over; where it also misses something, the one may have become the other. */
    private static void requireNoneRenamed(JsonNode stored, String rewritten, List<Unknown> unknown) {
        String missing = missing(stored, OWN.readTree(rewritten));
        if (missing != null) {
            Unknown first = unknown.get(0);
            throw new IllegalArgumentException(
                    "it has a field " + first.property + ", which " + first.type + " has not, and lacks the field "
                            + missing + ": if that is its new name, say so by @JsonAlias or an upcaster");
        }
    }

    /** A property that the second has and the first lacks, in an object which lacks one of the first. */
    private static @Nullable String missing(JsonNode stored, JsonNode rewritten) {
        boolean dropsAny = stored.isObject()
                && rewritten.isObject()
                && stored.propertyNames().stream().anyMatch(name -> !rewritten.has(name));
        if (dropsAny) {
            for (String name : rewritten.propertyNames()) {
                if (!stored.has(name)) {
                    return name;
                }
            }
        }
        return missingInside(stored, rewritten);
    }

    private static @Nullable String missingInside(JsonNode stored, JsonNode rewritten) {
        String found = null;
        if (stored.isArray()) {
            for (int i = 0; i < stored.size() && found == null; i++) {
                found = missing(stored.path(i), rewritten.path(i));
            }
        } else {
            for (String name : stored.propertyNames()) {
                found = found == null ? missing(stored.path(name), rewritten.path(name)) : found;
            }
        }
        return found;
    }

    // ---- errors ----

    /** What is wrong, in words for the reader of a log, without Jackson's advice on settings that are the journal's. */
    static String describe(Throwable failure) {
        if (!(failure instanceof JacksonException jackson)) {
            return failure instanceof IllegalArgumentException
                    ? String.valueOf(failure.getMessage())
                    : failure.toString();
        }
        String path = path(jackson);
        String message = jackson.getOriginalMessage().replaceAll(" \\((?:set|use|add|enable|disable) [^)]*\\)", "");
        String what = message.startsWith("Cannot map `null` into type")
                ? "it is missing, or null, and " + message.replaceAll(".*into type `?(\\w+).*", "$1") + " has no null"
                : message;
        return (path.isEmpty() ? what : "field " + path + ": " + what) + advice(jackson);
    }

    /** Where a module keeps a class from Jackson, what the module has to say. */
    private static String advice(JacksonException failure) {
        if (!failure.getOriginalMessage().contains("access")) {
            return "";
        }
        return failure.getPath().stream()
                .map(JacksonException.Reference::from)
                .map(from -> from instanceof Class<?> type ? type : from.getClass())
                .filter(type -> !ComparedFields.isOpen(type))
                .map(type -> "; " + ComparedFields.howToOpen(type))
                .findFirst()
                .orElse("");
    }

    private static String path(JacksonException failure) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : failure.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.length() == 0 ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.toString();
    }
}
