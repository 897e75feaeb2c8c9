package dev.convoke.internal.dispatch;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries in which something happens: those whose listeners are on a thread's stack, those in which their events were
 * published, and so on, as far as they may not have ended.
 *
 * <p>Used on the thread that it was made on.
 *
 * @param onThread the innermost one on the thread
 * @param parent the one that caused this, which may be another
 */
record Around(@Nullable Invocation onThread, @Nullable Invocation parent) {
    /** Around whatever this thread does. */
    static Around here() {
        Invocation current = Current.get();
        return new Around(current, current);
    }

    /** Whether one of them is such. */
    boolean any(Predicate<Invocation> such) {
        if (onThread == null && parent == null) {
            return false;
        }
        return (onThread != null && such.test(onThread)) || anyFurther(such);
    }

    private boolean anyFurther(Predicate<Invocation> such) {
        Set<Invocation> seen = identitySet();
        for (Invocation frame = onThread; frame != null; frame = frame.around()) {
            if (anyAbove(frame, such, seen)) {
                return true;
            }
        }
        return anyAbove(parent, such, seen);
    }

    private static boolean anyAbove(@Nullable Invocation innermost, Predicate<Invocation> such, Set<Invocation> seen) {
        Invocation next = innermost;
        while (next != null && seen.add(next)) {
            if (such.test(next)) {
                return true;
            }
            next = next.publication().lineage().around();
        }
        return false;
    }

    /** All of them. */
    Set<Invocation> all() {
        Set<Invocation> all = identitySet();
        any(invocation -> {
            all.add(invocation);
            return false;
        });
        return all;
    }

    private static Set<Invocation> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }
}
