package dev.convoke.event;

import dev.convoke.internal.check.Check;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The name of an event together with the type of its payload, and how the event is keyed.
 *
 * <p>Thread-safe: immutable. Keep it in a constant: the coordinator that first publishes it finds its listeners faster from
 * then on. One type may serve several coordinators.
 *
 * @param <E> the payload type
 */
public final class EventType<E> {
    private final String name;
    private final Type payloadType;
    private final Class<?> rawType;
    private final @Nullable Function<? super E, ? extends @Nullable Object> key;
    private final Unheard unheard;

    /**
     * Where the coordinator that first published this keeps its listeners, in a form that keeps nothing of that alive.
     * Accessed by the registry of listeners alone.
     */
    @SuppressWarnings("unused")
    private @Nullable Object bound;

    private EventType(
            String name,
            Type payloadType,
            Class<?> rawType,
            @Nullable Function<? super E, ? extends @Nullable Object> key,
            Unheard unheard) {
        this.name = name;
        this.payloadType = payloadType;
        this.rawType = rawType;
        this.key = key;
        this.unheard = unheard;
    }

    /**
     * A type whose payload is of the class; a primitive class stands for its box.
     *
     * @throws IllegalArgumentException if the name is empty, longer than 255 characters or has control characters
     */
    public static <E> EventType<E> of(String name, Class<E> payloadType) {
        Check.name("event name", name);
        Class<?> boxed = MethodType.methodType(Check.present("payload type", payloadType))
                .wrap()
                .returnType();
        return new EventType<>(name, boxed, boxed, null, Unheard.IGNORE);
    }

    /**
     * A type whose payload is generic: {@code EventType.of("orders", new TypeRef<List<Order>>() {})}.
     *
     * @throws IllegalArgumentException if the name is empty, longer than 255 characters or has control characters,
     *     or if the payload type is neither a class nor a parameterized one
     */
    public static <E> EventType<E> of(String name, TypeRef<E> payloadType) {
        Check.name("event name", name);
        Type type = boxed(Check.present("payload type", payloadType).type());
        return new EventType<>(name, type, rawTypeOf(name, type), null, Unheard.IGNORE);
    }

    private static Type boxed(Type type) {
        return type instanceof Class<?> plain
                ? MethodType.methodType(plain).wrap().returnType()
                : type;
    }

    private static Class<?> rawTypeOf(String name, Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        if (type instanceof ParameterizedType parameterized && parameterized.getRawType() instanceof Class<?> raw) {
            return raw;
        }
        throw new IllegalArgumentException(
                "payload type of event " + name + " must be a class or a parameterized class: " + type);
    }

    /**
     * This type, keyed: an event's key is the function's value made into text, unless the publisher gives one.
     *
     * @param key called on the publisher's thread, once per publication; null, or an empty Optional, means no key
     */
    public EventType<E> keyedBy(Function<? super E, ? extends @Nullable Object> key) {
        return new EventType<>(name, payloadType, rawType, Check.present("key", key), unheard);
    }

    /** This type, with a policy for publications that nobody listens to. */
    public EventType<E> whenUnheard(Unheard unheard) {
        return new EventType<>(name, payloadType, rawType, key, Check.present("unheard", unheard));
    }

    /** The event's name, as given. */
    public String name() {
        return name;
    }

    /** The payload's type: a {@link Class}, or a {@link ParameterizedType} where a {@link TypeRef} named one. */
    public Type payloadType() {
        return payloadType;
    }

    /** The class that every payload is an instance of. */
    public Class<?> rawType() {
        return rawType;
    }

    /** What becomes of a publication that nobody listens to. */
    public Unheard unheard() {
        return unheard;
    }

    /** Whether its events have keys of their own. */
    public boolean isKeyed() {
        return key != null;
    }

    /**
     * The key of a payload, empty where the type is not keyed or the function gave null.
     *
     * @throws IllegalArgumentException if the key function threw; the cause is what it threw
     */
    public Optional<String> keyOf(E payload) {
        if (key == null) {
            return Optional.empty();
        }
        try {
            Object value = key.apply(payload);
            Object plain = value instanceof Optional<?> optional ? optional.orElse(null) : value;
            return Optional.ofNullable(plain).map(Object::toString);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("the key function of event " + name + " failed: " + e, e);
        }
    }

    @Override
    public String toString() {
        return name + "(" + payloadType.getTypeName() + ")";
    }
}
