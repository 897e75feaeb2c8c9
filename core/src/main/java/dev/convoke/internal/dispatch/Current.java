package dev.convoke.internal.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * What this thread is calling listeners for, innermost first: a delivery, or a publication that calls its listeners directly.
 *
 * <p>Confined to each thread. The slot is of the platform's classes, and empty between calls but for numbers, so that an
 * idle thread pins neither a delivery nor a class loader.
 */
final class Current {
    /*
     * A publication that calls its listeners directly leaves numbers alone: a reference written to an old object costs a
     * fence. The numbers are those of the innermost one, and count while FRAMES is not 0; who calls a listener of a delivery
     * hides them meanwhile. So they are always inside of the delivery in the slot.
     */

    /** So many longs on either side, so that what another thread writes beside it is in another cache line. */
    private static final int UNUSED = 8;

    /** Of the coordinator's event ids. All direct publications that are inside of each other are of one coordinator. */
    static final int PREFIX = UNUSED;

    /** Of the event's id; 0 while nobody has asked. */
    static final int NUMBER = UNUSED + 1;

    /** How deep the publication is in its chain. */
    static final int DEPTH = UNUSED + 2;

    /** How many direct publications are on the thread's stack inside of the delivery in the slot. */
    static final int FRAMES = UNUSED + 3;

    /** Whether the coordinator was closed on this thread meanwhile: what is being published is not to be ended by that. */
    static final int SPARED = UNUSED + 4;

    private static final int NUMBERS = 5;

    static final int INVOCATION = 0;
    private static final int DIRECT = 1;
    private static final int PARENT = 2;

    private static final ThreadLocal<@Nullable Object[]> SLOT =
            ThreadLocal.withInitial(() -> new @Nullable Object[PARENT + 1]);

    private Current() {}

    /** Makes this one the innermost; returns the one around it, which is to be put back in its place, {@link #INVOCATION}. */
    static @Nullable Invocation enter(Invocation invocation, @Nullable Object[] slot) {
        Invocation around = get(slot);
        slot[INVOCATION] = invocation;
        return around;
    }

    /** Direct publications that a delivery is inside of. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
    record Hidden(long[] numbers, @Nullable DirectParent parent) {}

    /** Hides the direct publications inside of the delivery in the slot, if any; {@link #restoreDirect} wants them back. */
    static @Nullable Hidden hideDirect(@Nullable Object[] slot) {
        long[] numbers = directOrNull(slot);
        if (numbers == null || numbers[FRAMES] == 0) {
            return null;
        }
        Hidden hidden = new Hidden(numbers.clone(), parent(slot));
        numbers[FRAMES] = 0;
        slot[PARENT] = null;
        return hidden;
    }

    static void restoreDirect(@Nullable Hidden hidden, @Nullable Object[] slot) {
        if (hidden != null) {
            // All but SPARED: what is inside of others was spared with them.
            System.arraycopy(hidden.numbers, PREFIX, direct(slot), PREFIX, SPARED - PREFIX);
            slot[PARENT] = hidden.parent;
        }
    }

    /** What inner publications know of the innermost direct one, or of one that it is inside of. */
    static @Nullable DirectParent parent(@Nullable Object[] slot) {
        return (DirectParent) slot[PARENT];
    }

    static void setParent(@Nullable DirectParent parent, @Nullable Object[] slot) {
        slot[PARENT] = parent;
    }

    /** Nothing of what follows on this thread is inside of what was there when a coordinator was closed. */
    static void beginUnspared(@Nullable Object[] slot) {
        long[] numbers = directOrNull(slot);
        if (numbers != null) {
            numbers[SPARED] = 0;
        }
    }

    /** A coordinator is being closed on this thread. */
    static void spareDirect() {
        direct(slot())[SPARED] = 1;
    }

    /** The thread's slot, to be looked up once where every nanosecond counts. */
    static @Nullable Object[] slot() {
        return SLOT.get();
    }

    /** The innermost delivery, or null outside of every listener that is called for one. */
    static @Nullable Invocation get(@Nullable Object[] slot) {
        return (Invocation) slot[INVOCATION];
    }

    /** The same as {@link #direct}, or null where this thread has had none. */
    static long @Nullable [] directOrNull(@Nullable Object[] slot) {
        return (long[]) slot[DIRECT];
    }

    /** The numbers of this thread's direct publications. */
    static long[] direct(@Nullable Object[] slot) {
        long[] numbers = directOrNull(slot);
        return numbers == null ? firstDirect(slot) : numbers;
    }

    private static long[] firstDirect(@Nullable Object[] slot) {
        long[] numbers = new long[UNUSED + NUMBERS + UNUSED];
        slot[DIRECT] = numbers;
        return numbers;
    }
}
