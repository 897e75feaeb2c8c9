package dev.convoke.internal.resolve;

import dev.convoke.event.EventType;
import java.util.function.Consumer;

/**
 * One event name that has listeners of its own, and the payload type that it is bound to meanwhile.
 *
 * <p>Thread-safe.
 */
final class Topic extends Row {
    private final EventType<?> type;

    Topic(EventType<?> type, Sequence sequence, Consumer<Row> release) {
        super(type.name(), type.payloadType(), sequence, release);
        this.type = type;
    }

    EventType<?> type() {
        return type;
    }
}
