package dev.convoke.internal.resolve;

import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.EventContext;

/**
 * Whether the listeners of a class want the context: whether it has an {@code onEvent} of its own that takes one.
 *
 * <p>Thread-safe. What is known of a class goes with the class.
 */
final class ContextUse {
    private static final ClassValue<Boolean> KNOWN = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return find(type);
        }
    };

    private ContextUse() {}

    static boolean of(AsyncListener<?> listener) {
        return KNOWN.get(listener.getClass());
    }

    private static boolean find(Class<?> type) {
        try {
            return !type.getMethod("onEvent", Object.class, EventContext.class)
                    .getDeclaringClass()
                    .equals(AsyncListener.class);
        } catch (NoSuchMethodException | LinkageError unknown) {
            return true; // another of its methods may name a class that is not there; the context does no harm
        }
    }
}
