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
 * @param directOnThread what is called directly inside of that one, if anything is
 * @param parent the one that caused this, which may be another
 * @param directParent what is called directly inside of that, and so is what caused this
 */
record Around(
        @Nullable Invocation onThread,
        @Nullable DirectParent directOnThread,
        @Nullable Invocation parent,
        @Nullable DirectParent directParent) {
    /** Outside of everything. */
    static final Around NOTHING = new Around(null, null, null, null);

    /** Around whatever this thread does. */
    static Around here() {
        @Nullable Object[] slot = Current.slot();
        Invocation current = Current.get(slot);
        DirectParent direct = DirectParent.of(slot);
        return direct == null ? in(current) : new Around(current, direct, current, direct);
    }

    /** Around what a delivery's listener does. */
    static Around in(@Nullable Invocation delivery) {
        return delivery == null ? NOTHING : new Around(delivery, null, delivery, null);
    }

    /** The same, but for what caused it. */
    Around causedBy(Invocation cause) {
        return new Around(onThread, directOnThread, cause, null);
    }

    /** How deep in its chain that is which caused this; 0 where nothing did. */
    int depth() {
        if (directParent != null) {
            return directParent.depth();
        }
        return parent == null ? 0 : parent.publication().lineage().depth();
    }

    /** The id of the event that caused this, where no delivery has it. */
    @Nullable String parentId() {
        return directParent == null ? null : directParent.id();
    }

    /** How many listeners are being called on this thread, each inside of the one before. */
    int depthOnThread() {
        int direct = directOnThread == null ? 0 : directOnThread.frames();
        return direct + (onThread == null ? 0 : onThread.depthOnThread());
    }

    /** Whether one of them is of this coordinator and may not have ended. */
    boolean isInside(Dispatcher dispatcher) {
        long prefix = dispatcher.ids().prefix();
        return isDirectlyInside(prefix)
                || any(i -> (dispatcher.equals(i.dispatcher()) && !i.hasEnded())
                        || i.publication().lineage().isDirectlyInside(prefix));
    }

    /** Whether one of them is of this coordinator. */
    boolean isAnyOf(Dispatcher dispatcher) {
        return isDirectlyInside(dispatcher.ids().prefix()) || any(i -> dispatcher.equals(i.dispatcher()));
    }

    private boolean isDirectlyInside(long prefix) {
        if (directOnThread != null && directOnThread.isOf(prefix)) {
            return true;
        }
        for (Invocation frame = onThread; frame != null; frame = frame.around()) {
            if (frame.hidesDirect(prefix)) {
                return true;
            }
        }
        return false;
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
