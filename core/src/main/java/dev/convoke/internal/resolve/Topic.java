package dev.convoke.internal.resolve;

import dev.convoke.event.EventType;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One event name that has listeners of its own, and the payload type that it is bound to meanwhile.
 *
 * <p>Thread-safe.
 */
final class Topic extends Row {
    private final EventType<?> type;

    private final Object registry;

    /** Made when a type is first bound to this; several may be. */
    private @Nullable Binding binding;

    Topic(EventType<?> type, Object registry, Sequence sequence, Consumer<Row> release) {
        super(type.name(), type.payloadType(), sequence, release);
        this.type = type;
        this.registry = registry;
    }

    Binding binding() {
        Binding known = binding;
        if (known == null) {
            known = new Binding(this, registry);
            binding = known;
        }
        return known;
    }

    EventType<?> type() {
        return type;
    }
}
