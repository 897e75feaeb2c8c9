package dev.convoke.internal.resolve;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * A pattern, or a payload type, whose listeners hear events of many names.
 *
 * <p>Thread-safe.
 */
final class WideRow extends Row {
    private final String name;
    private final Type payloadType;

    WideRow(String name, Type payloadType, RowTable table, @Nullable Row sameName) {
        super(name, table, sameName);
        this.name = name;
        this.payloadType = payloadType;
    }

    @Override
    String name() {
        return name;
    }

    @Override
    Type payloadType() {
        return payloadType;
    }
}
