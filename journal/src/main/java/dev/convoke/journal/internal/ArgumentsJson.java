package dev.convoke.journal.internal;

import dev.convoke.event.EventArguments;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Arguments of an event that has no type, as JSON. Texts, booleans, ints, doubles, lists and maps are as JSON has them; other values of a
 * short list say what they are, as in {@code {"@Long":"5"}}. The list is closed: no data names a class.
 *
 * <p>Thread-safe: it has no state.
 */
final class ArgumentsJson {
    /** As deep as Jackson reads. */
    private static final int DEEPEST = 400;

    /** As many as Jackson reads of a number. */
    private static final int MOST_DIGITS = 1_000;

    private static final Set<String> NAMES = Set.of("positional", "named");
    private static final String MAP = "@Map";
    private static final String SET = "@Set";
    private static final String BYTES = "@bytes";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final Map<Class<?>, Function<String, Object>> SCALARS = Map.ofEntries(
            Map.entry(Byte.class, Byte::valueOf),
            Map.entry(Short.class, Short::valueOf),
            Map.entry(Long.class, Long::valueOf),
            Map.entry(Float.class, Float::valueOf),
            Map.entry(Double.class, Double::valueOf), // those that JSON has no number for
            Map.entry(Character.class, text -> text.charAt(0)),
            Map.entry(BigInteger.class, text -> new BigInteger(text)),
            Map.entry(BigDecimal.class, text -> new BigDecimal(text)),
            Map.entry(UUID.class, UUID::fromString),
            Map.entry(URI.class, URI::create),
            Map.entry(Instant.class, Instant::parse),
            Map.entry(LocalDate.class, LocalDate::parse),
            Map.entry(LocalTime.class, LocalTime::parse),
            Map.entry(LocalDateTime.class, LocalDateTime::parse),
            Map.entry(OffsetDateTime.class, OffsetDateTime::parse),
            Map.entry(ZonedDateTime.class, ZonedDateTime::parse),
            Map.entry(Duration.class, Duration::parse),
            Map.entry(Period.class, Period::parse));

    private static final Map<String, Function<String, Object>> BY_TAG = byTag();

    private ArgumentsJson() {}

    private static Map<String, Function<String, Object>> byTag() {
        Map<String, Function<String, Object>> byTag = new LinkedHashMap<>();
        SCALARS.forEach((type, parser) -> byTag.put(tagOf(type), parser));
        return Map.copyOf(byTag);
    }

    private static String tagOf(Class<?> type) {
        return "@" + type.getSimpleName();
    }

    // ---- written ----

    /** @throws IllegalArgumentException if one of them is of another type */
    static ObjectNode write(EventArguments arguments) {
        ObjectNode node = NODES.objectNode();
        ArrayNode positional = node.putArray("positional");
        for (int i = 0; i < arguments.positional().size(); i++) {
            positional.add(write(arguments.positional().get(i), "argument " + i, 0));
        }
        ObjectNode named = node.putObject("named");
        arguments.named().forEach((name, value) -> named.set(name, write(value, "argument '" + name + "'", 0)));
        return node;
    }

    private static JsonNode write(@Nullable Object value, String where, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException(where.substring(0, Math.min(64, where.length())) + "… has more than "
                    + DEEPEST + " levels of lists and maps");
        }
        if (value instanceof Map<?, ?> map) {
            return writeMap(map, where, depth);
        }
        if (value instanceof List<?> list) {
            return writeAll(list, where, depth);
        }
        if (value instanceof Set<?> set) {
            return tagged(SET, writeAll(set, where, depth));
        }
        return writeValue(value, where);
    }

    private static JsonNode writeValue(@Nullable Object value, String where) {
        if (value == null) {
            return NODES.nullNode();
        }
        if (value instanceof String text) {
            return NODES.stringNode(text);
        }
        if (value instanceof Boolean bool) {
            return NODES.booleanNode(bool);
        }
        if (value instanceof Integer number) {
            return NODES.numberNode(number);
        }
        if (value instanceof Double number && Double.isFinite(number)) {
            return NODES.numberNode(number.doubleValue());
        }
        if (value instanceof byte[] bytes) {
            return tagged(BYTES, NODES.stringNode(Base64.getEncoder().encodeToString(bytes)));
        }
        return writeScalar(value, where);
    }

    private static JsonNode writeScalar(Object value, String where) {
        if (!SCALARS.containsKey(value.getClass())) {
            throw new IllegalArgumentException(
                    where + " is a " + value.getClass().getTypeName()
                            + ", which would come back as something else: arguments of an event without a type are texts, numbers, "
                            + "times, lists, sets and maps of these; give the event an EventType for others");
        }
        String text = value.toString();
        if (value instanceof Number && text.length() > MOST_DIGITS) {
            throw new IllegalArgumentException(where + " is a number of more than " + MOST_DIGITS + " digits");
        }
        return tagged(tagOf(value.getClass()), NODES.stringNode(text));
    }

    private static JsonNode tagged(String tag, JsonNode value) {
        return NODES.objectNode().set(tag, value);
    }

    private static ArrayNode writeAll(Iterable<?> values, String where, int depth) {
        ArrayNode node = NODES.arrayNode();
        int index = 0;
        for (Object value : values) {
            node.add(write(value, where + "[" + index++ + "]", depth + 1));
        }
        return node;
    }

    private static JsonNode writeMap(Map<?, ?> map, String where, int depth) {
        ObjectNode node = NODES.objectNode();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String key)) {
                throw new IllegalArgumentException(where + " is a map with a key that is no text: " + entry.getKey());
            }
            node.set(key, write(entry.getValue(), where + "." + key, depth + 1));
        }
        return tagOf(node) == null ? node : tagged(MAP, node); // it would be taken for a value that says what it is
    }

    private static @Nullable String tagOf(ObjectNode node) {
        String only = node.size() == 1 ? node.propertyNames().iterator().next() : "";
        return only.startsWith("@") ? only : null;
    }

    // ---- read ----

    /** @throws IllegalArgumentException if these are not arguments as {@link #write} writes them */
    static EventArguments read(JsonNode node) {
        if (!node.isObject() || !NAMES.containsAll(node.propertyNames())) {
            throw new IllegalArgumentException("it is not the arguments of an event without a type");
        }
        EventArguments arguments = EventArguments.of(
                readAll(node.path("positional"), new ArrayList<>()).toArray());
        for (Map.Entry<String, JsonNode> named : node.path("named").properties()) {
            arguments = arguments.with(named.getKey(), read(named.getKey(), named.getValue()));
        }
        return arguments;
    }

    private static @Nullable Object read(String where, JsonNode node) {
        if (node instanceof ObjectNode object) {
            String tag = tagOf(object);
            return tag == null ? readMap(object) : readTagged(where, tag, object.path(tag));
        }
        if (node.isArray()) {
            return readAll(node, new ArrayList<>());
        }
        return node.isNull() ? null : readPlain(where, node);
    }

    private static Object readPlain(String where, JsonNode node) {
        if (node.isString()) {
            return node.stringValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isInt()) {
            return node.intValue();
        }
        if (node.isDouble() || node.isBigDecimal()) {
            return node.doubleValue();
        }
        if (node.isLong()) { // as an upcaster may say it
            return node.longValue();
        }
        throw new IllegalArgumentException("argument " + where + " is a " + node.getNodeType() + " of JSON: " + node);
    }

    private static Object readTagged(String where, String tag, JsonNode value) {
        if (tag.equals(MAP)) {
            return readMap(value);
        }
        if (tag.equals(SET)) {
            return readAll(value, new LinkedHashSet<>());
        }
        if (tag.equals(BYTES)) {
            return Base64.getDecoder().decode(value.stringValue());
        }
        Function<String, Object> parser = BY_TAG.get(tag);
        if (parser == null) {
            throw new IllegalArgumentException(
                    "argument " + where + " is a " + tag + ", which this version does not know");
        }
        return parser.apply(value.stringValue());
    }

    private static Map<String, @Nullable Object> readMap(JsonNode node) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        node.properties().forEach(entry -> map.put(entry.getKey(), read(entry.getKey(), entry.getValue())));
        return map;
    }

    private static <C extends java.util.Collection<@Nullable Object>> C readAll(JsonNode node, C into) {
        for (JsonNode element : node) {
            into.add(read("[" + into.size() + "]", element));
        }
        return into;
    }
}
