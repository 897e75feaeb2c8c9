package dev.convoke.internal.resolve;

import dev.convoke.event.EventType;
import dev.convoke.listener.AsyncListener;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link EventType} remembers of its direct listeners in a registry, so that publishing it needs no look-up.
 *
 * <p>Thread-safe. The first registry that publishes a type is remembered, until its listeners are gone; others look them
 * up. It keeps neither the registry nor a listener alive.
 */
final class Binding extends WeakReference<AsyncListener<Object>[]> {
    /*
     * Concurrency
     * -----------
     * The type's field is read and written without order: whatever is seen there is a whole binding, as its fields are
     * final. The listeners are the current ones as long as the first of them has not expired, which was written before
     * whoever changed them returned. Two threads that bind at once write the same, or the later one's is kept; either serves.
     */
    private static final VarHandle BOUND;

    static {
        try {
            BOUND = MethodHandles.privateLookupIn(EventType.class, MethodHandles.lookup())
                    .findVarHandle(EventType.class, "bound", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The registry's identity, which is not the registry. */
    private final Object registry;

    private Binding(AsyncListener<Object>[] direct, Object registry) {
        super(direct);
        this.registry = registry;
    }

    /** The current direct listeners of the type in this registry, or null where they have to be looked up. */
    @SuppressWarnings("ReferenceEquality") // an identity is what it is, and so is what stands for an expired listener
    static AsyncListener<Object> @Nullable [] direct(EventType<?> type, Object registry) {
        Binding binding = (Binding) BOUND.getOpaque(type);
        if (binding == null || binding.registry != registry) {
            return null;
        }
        AsyncListener<Object>[] direct = binding.get();
        return direct == null || direct[0] == Expired.LISTENER ? null : direct;
    }

    /** Binds the type to its current roster, unless another registry's is remembered that may be in use. */
    static void bind(EventType<?> type, Roster roster, Object registry) {
        AsyncListener<Object>[] direct = roster.direct();
        Binding binding = (Binding) BOUND.getOpaque(type);
        boolean isFree = binding == null || binding.registry.equals(registry) || binding.get() == null;
        if (isFree && direct != null && roster.size() > 0) {
            BOUND.setRelease(type, new Binding(direct, registry));
        }
    }
}
