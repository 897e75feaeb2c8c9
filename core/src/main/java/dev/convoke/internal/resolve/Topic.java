package dev.convoke.internal.resolve;

import dev.convoke.event.EventType;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * One event name that has listeners of its own, and the payload type that it is bound to meanwhile.
 *
 * <p>Thread-safe.
 */
final class Topic extends Row {
    private final EventType<?> type;

    Topic(EventType<?> type, RowTable table, @Nullable Row sameName) {
        super(type.name(), table, sameName);
        this.type = type;
    }

    @Override
    String name() {
        return type.name();
    }

    @Override
    Type payloadType() {
        return type.payloadType();
    }

    EventType<?> type() {
        return type;
    }
}
