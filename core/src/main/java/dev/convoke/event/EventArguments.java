package dev.convoke.event;

import dev.convoke.internal.check.Check;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The positional and named arguments of an event that is published by its name alone.
 *
 * <p>Thread-safe: immutable; the arguments themselves are shared, not copied. An argument may be null.
 */
public final class EventArguments {
    private static final EventArguments NONE = new EventArguments(List.of(), Map.of());

    private final List<@Nullable Object> positional;
    private final Map<String, @Nullable Object> named;

    private EventArguments(List<@Nullable Object> positional, Map<String, @Nullable Object> named) {
        this.positional = positional;
        this.named = named;
    }

    /** Positional arguments, in this order. */
    public static EventArguments of(@Nullable Object... positional) {
        Check.present("positional arguments", positional);
        List<@Nullable Object> copy = new ArrayList<>(positional.length);
        Collections.addAll(copy, positional);
        return copy.isEmpty() ? NONE : new EventArguments(Collections.unmodifiableList(copy), Map.of());
    }

    /**
     * These arguments and one more, or with another value where the name is there already.
     *
     * @throws IllegalArgumentException if the name is empty, longer than 255 characters or has control characters
     */
    public EventArguments with(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(named);
        more.put(Check.name("argument name", name), value);
        return new EventArguments(positional, Collections.unmodifiableMap(more));
    }

    /** The positional arguments, unmodifiable. */
    public List<@Nullable Object> positional() {
        return positional;
    }

    /** The named arguments in the order they were given, unmodifiable. */
    public Map<String, @Nullable Object> named() {
        return named;
    }

    /**
     * The positional argument at the index, from 0. Null only where null was given, and never for a primitive type.
     *
     * @param type the expected type; a primitive class stands for its box
     * @throws EventArgumentException if there is none, or it is of another type
     */
    public <T> T get(int index, Class<T> type) {
        Check.present("type", type);
        if (index < 0 || index >= positional.size()) {
            throw EventArgumentException.missing("argument " + index, type, "there are " + positional.size());
        }
        return typed("argument " + index, type, positional.get(index));
    }

    /**
     * The named argument. Null only where null was given, and never for a primitive type.
     *
     * @param type the expected type; a primitive class stands for its box
     * @throws EventArgumentException if there is none, or it is of another type
     */
    public <T> T get(String name, Class<T> type) {
        Check.present("type", type);
        if (!named.containsKey(Check.present("argument name", name))) {
            throw EventArgumentException.missing("argument '" + name + "'", type, "there are " + named.keySet());
        }
        return typed("argument '" + name + "'", type, named.get(name));
    }

    /**
     * The named argument, empty where it was not given or is null.
     *
     * @param type the expected type; a primitive class stands for its box
     * @throws EventArgumentException if it is of another type
     */
    public <T> Optional<T> find(String name, Class<T> type) {
        Object value = named.get(Check.present("argument name", name));
        return value == null ? Optional.empty() : Optional.of(get(name, type));
    }

    // The class object is that of T or of its box, which the compiler cannot know.
    // A null argument is handed on as it was given, as a null in any untyped call would be.
    @SuppressWarnings({"unchecked", "NullAway"})
    private static <T> T typed(String which, Class<T> type, @Nullable Object value) {
        Class<?> boxed = MethodType.methodType(type).wrap().returnType();
        if (value == null ? type.isPrimitive() : !boxed.isInstance(value)) {
            throw EventArgumentException.mistyped(which, type, value);
        }
        return (T) value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventArguments that && positional.equals(that.positional) && named.equals(that.named);
    }

    @Override
    public int hashCode() {
        return 31 * positional.hashCode() + named.hashCode();
    }

    @Override
    public String toString() {
        return "EventArguments" + positional + (named.isEmpty() ? "" : named);
    }
}
