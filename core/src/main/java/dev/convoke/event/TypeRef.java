package dev.convoke.event;

import dev.convoke.internal.check.Check;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/**
 * Names a generic payload type, which a {@link Class} cannot: {@code new TypeRef<List<Order>>() {}}.
 *
 * <p>Thread-safe: immutable.
 *
 * @param <E> the payload type
 */
public abstract class TypeRef<E> {
    private final Type type;

    /**
     * Takes the type argument from the subclass that calls it.
     *
     * @throws IllegalStateException if the subclass gives none
     */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType parameterized)) {
            throw new IllegalStateException(
                    "TypeRef needs its type argument, as in new TypeRef<List<Order>>() {}: " + getClass());
        }
        this.type = parameterized.getActualTypeArguments()[0];
    }

    private TypeRef(Type type) {
        this.type = type;
    }

    /** For a type that is known at run time only, as that of a method's parameter. */
    public static TypeRef<?> of(Type type) {
        return new TypeRef<>(Check.present("type", type)) {};
    }

    /** The type between the angle brackets. */
    public final Type type() {
        return type;
    }
}
