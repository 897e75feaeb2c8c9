package dev.convoke.journal.operations;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The time that a fault lasts. */
final class Pause {
    private Pause() {}

    static void millis(long millis) {
        until(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    static void until(long nanoTime) {
        while (nanoTime - System.nanoTime() > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(nanoTime - System.nanoTime());
        }
    }
}
