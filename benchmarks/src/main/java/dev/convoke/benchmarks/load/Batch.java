package dev.convoke.benchmarks.load;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A number of deliveries that a publisher waits for before it goes on: what keeps a bus from winning by queueing endlessly.
 *
 * <p>Counted down by any thread; one thread at a time starts and awaits it.
 */
public final class Batch {
    private final AtomicInteger remaining = new AtomicInteger();
    private volatile @Nullable Thread waiting;

    /** Begins a batch of so many deliveries. */
    public void start(int deliveries) {
        waiting = Thread.currentThread();
        remaining.set(deliveries);
    }

    /** One delivery, or what was counted as one, has ended. */
    public void countDown() {
        if (remaining.decrementAndGet() == 0) {
            LockSupport.unpark(waiting);
        }
    }

    /**
     * Waits until all have ended.
     *
     * @throws IllegalStateException if the thread is interrupted, which ends a benchmark that hangs
     */
    public void await() {
        while (remaining.get() > 0) {
            if (Thread.interrupted()) {
                throw new IllegalStateException(remaining + " deliveries have not ended");
            }
            LockSupport.park(this);
        }
    }
}
