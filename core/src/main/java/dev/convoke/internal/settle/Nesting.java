package dev.convoke.internal.settle;

import java.util.concurrent.Executor;

/**
 * Runs what completes futures: on the settling thread, and past 64 levels of it on another one.
 *
 * <p>A listener that returns the future of a publication of its own makes a chain: completing the one settles the other,
 * which completes the next. The limit keeps such a chain off the end of the stack; it goes on with an empty one.
 *
 * <p>Thread-safe.
 */
public final class Nesting {
    /** A level takes about a dozen frames of ours and the user's own; 64 of them fit a small stack many times over. */
    private static final int DEEPEST = 64;

    /** How deep this thread is; of a class of the platform's, so that an idle thread pins no class loader. */
    private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);

    private final Executor elsewhere;

    /** Past the limit, and where a thread must not be kept, this executor runs what is to run; it never refuses. */
    public Nesting(Executor elsewhere) {
        this.elsewhere = elsewhere;
    }

    /** Runs it on this thread, unless that is deep in such calls. */
    public void here(Runnable completion) {
        int[] depth = DEPTH.get();
        if (depth[0] >= DEEPEST) {
            elsewhere.execute(completion);
            return;
        }
        depth[0]++;
        try {
            completion.run();
        } finally {
            depth[0]--;
        }
    }

    void elsewhere(Runnable completion) {
        elsewhere.execute(completion);
    }
}
