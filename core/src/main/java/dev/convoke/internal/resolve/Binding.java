package dev.convoke.internal.resolve;

import dev.convoke.event.EventType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link EventType} remembers of where a registry has its listeners, so that publishing it needs no look-up.
 *
 * <p>Thread-safe. The first registry that publishes a type is remembered, until its topic is gone; others look it up. It
 * keeps neither the registry nor a listener alive.
 */
final class Binding extends WeakReference<Topic> {
    /*
     * Concurrency
     * -----------
     * The type's field is read and written without order: whatever is seen there is a whole binding, as its fields are
     * final, and what matters of its topic is volatile. Two threads that bind at once write the same, or the later one's is
     * kept; either serves.
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

    Binding(Topic topic, Object registry) {
        super(topic);
        this.registry = registry;
    }

    /** The current roster of the topic that the type is bound to in this registry, or null where that has to be looked up. */
    @SuppressWarnings("ReferenceEquality") // an identity is what it is
    static @Nullable Roster roster(EventType<?> type, Object registry) {
        Binding binding = (Binding) BOUND.getOpaque(type);
        if (binding == null || binding.registry != registry) {
            return null;
        }
        Topic topic = binding.get();
        return topic == null ? null : topic.currentRoster();
    }

    /** Binds the type to the topic, unless it is bound to another one that is still in use. */
    static void bind(EventType<?> type, Topic topic) {
        Binding binding = (Binding) BOUND.getOpaque(type);
        Topic bound = binding == null ? null : binding.get();
        if (bound == null || bound.isReleased()) {
            BOUND.setRelease(type, topic.binding());
        }
    }
}
