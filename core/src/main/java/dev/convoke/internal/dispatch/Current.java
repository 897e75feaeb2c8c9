package dev.convoke.internal.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * The delivery whose listener is being called on this thread, innermost first.
 *
 * <p>Confined to each thread. The slot is of a class of the platform's and empty between calls, so that an idle thread
 * pins neither a delivery nor a class loader.
 */
final class Current {
    private static final ThreadLocal<@Nullable Object[]> SLOT = ThreadLocal.withInitial(() -> new @Nullable Object[1]);

    private Current() {}

    /** The innermost one, or null outside of every listener. */
    static @Nullable Invocation get() {
        return (Invocation) SLOT.get()[0];
    }

    /** Makes this one the innermost; returns the one around it, which {@link #leave} wants back. */
    static @Nullable Invocation enter(Invocation invocation) {
        @Nullable Object[] slot = SLOT.get();
        Invocation around = (Invocation) slot[0];
        slot[0] = invocation;
        return around;
    }

    static void leave(@Nullable Invocation around) {
        SLOT.get()[0] = around;
    }
}
