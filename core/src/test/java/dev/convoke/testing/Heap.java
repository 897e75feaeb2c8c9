package dev.convoke.testing;

import org.awaitility.core.ConditionTimeoutException;

/** How much of the heap is in use after a collection. */
public final class Heap {
    /** What two measurements of the same state may differ by. */
    public static final long NOISE = 2 << 20;

    private static final int COLLECTIONS = 5;

    private Heap() {}

    /** The least that several collections leave: one may only find what the one before it let go of. */
    public static long used() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            least = Math.min(least, usedAfterOneCollection());
        }
        return least;
    }

    private static long usedAfterOneCollection() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Collects until no more is in use than there was, but for noise; fails if there always is. */
    public static void awaitBackAt(long before) {
        try {
            Waiting.until(() -> usedAfterOneCollection() <= before + NOISE);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("the heap keeps " + (used() - before) + " bytes more than before", e);
        }
    }
}
