package dev.convoke.internal.dispatch;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A publisher's place in a line: it waits until somebody admits it, or until its time is over.
 *
 * <p>Made and awaited on the publisher's thread; admitted on any.
 */
final class Turn extends Deadlines.Entry {
    private final Thread thread = Thread.currentThread();
    private volatile boolean admitted;
    private volatile boolean over;

    /** Its turn has come. */
    void admit() {
        admitted = true;
        wake();
    }

    boolean isAdmitted() {
        return admitted;
    }

    /** Lets it look once more at what else ends its wait. */
    void wake() {
        LockSupport.unpark(thread);
    }

    @Override
    void onDue() {
        over = true;
        wake();
    }

    /** Waits; interruption ends the wait and stays set. No lock is held meanwhile. */
    void await(Deadlines deadlines, long until, BooleanSupplier isSentAway) {
        try {
            deadlines.add(this, until);
            while (!admitted
                    && !over
                    && !isSentAway.getAsBoolean()
                    && !Thread.currentThread().isInterrupted()) {
                LockSupport.park(this);
            }
        } finally {
            deadlines.remove(this);
        }
    }
}
