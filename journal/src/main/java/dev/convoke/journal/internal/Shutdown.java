package dev.convoke.journal.internal;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * When the virtual machine is told to end and nobody closes the coordinator, lets what runs come to its end, and hands the rest to
 * other processes, which need not wait until this one is taken for dead.
 *
 * <p>Thread-safe.
 */
final class Shutdown {
    /** How long what runs may take; whoever ends processes is seldom patient for longer than 30 s. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Journal journal;
    private final Thread hook;

    Shutdown(Journal journal) {
        this.journal = journal;
        this.hook = journal.thread("shutdown", this::run);
    }

    void register() {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            Log.debug("the virtual machine is ending", e);
        }
    }

    void unregister() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            Log.debug("the virtual machine is ending", e);
        }
    }

    private void run() {
        journal.stop();
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (!journal.isClosed() && !journal.worker().isIdle() && until - System.nanoTime() > 0) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        if (!journal.isClosed() && !journal.worker().isIdle()) {
            handBack();
        }
    }

    private void handBack() {
        try {
            journal.handBack();
        } catch (SQLException e) {
            Log.warn(
                    "what this process was delivering could not be handed to others: they take over when they find it gone",
                    e);
        }
    }
}
