package dev.convoke.internal.resolve;

import dev.convoke.event.EventType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link EventType} remembers of its listeners in a registry, so that publishing it needs no look-up.
 *
 * <p>Thread-safe. The first registry that publishes a type is remembered, until its listeners are gone; others look them
 * up. It keeps neither the registry nor a listener alive.
 */
final class Binding extends WeakReference<Roster> {
    /*
     * Concurrency
     * -----------
     * The type's field is read and written without order: whatever is seen there is a whole binding, as its fields are
     * final. A roster is the current one as long as it is not stale, which is volatile. Two threads that bind at once
     * write the same, or the later one's is kept; either serves.
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

    private Binding(Roster roster, Object registry) {
        super(roster);
        this.registry = registry;
    }

    /** The current roster of the type in this registry, or null where that has to be looked up. */
    @SuppressWarnings("ReferenceEquality") // an identity is what it is
    static @Nullable Roster roster(EventType<?> type, Object registry) {
        Binding binding = (Binding) BOUND.getOpaque(type);
        if (binding == null || binding.registry != registry) {
            return null;
        }
        Roster roster = binding.get();
        return roster == null || roster.isStale() ? null : roster;
    }

    /** Binds the type to a current roster, unless another registry's is remembered that may be in use. */
    static void bind(EventType<?> type, Roster roster, Object registry) {
        Binding binding = (Binding) BOUND.getOpaque(type);
        boolean isFree = binding == null || binding.registry.equals(registry) || binding.get() == null;
        if (isFree && roster.size() > 0) {
            BOUND.setRelease(type, new Binding(roster, registry));
        }
    }
}
