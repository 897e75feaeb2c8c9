package dev.convoke.internal.dispatch;

import dev.convoke.listener.Overflow;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds how many deliveries of a coordinator are in flight; who comes when it is full waits in line, or is refused.
 *
 * <p>Thread-safe.
 */
final class InFlightLimit {
    /*
     * Concurrency
     * -----------
     * The count in flight is moved by atomic adds alone. `waiting` mirrors the length of the line, which the lock guards. A waiter
     * enters the line and then looks at that once more; who releases decrements and then looks at `waiting`: one of
     * the two sees the other. Nobody parks with the lock held, and nothing of a user's runs under it.
     */
    private static final int PLACES = 33;

    private static final int IN_FLIGHT = 16;

    private final int max;
    private final Overflow overflow;
    private final Deadlines deadlines;

    /** An array, of which one place in the middle is used: what lies beside it is read by others all the time. */
    private final AtomicIntegerArray counts = new AtomicIntegerArray(PLACES);

    private final AtomicInteger waiting = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Waiter> line = new ArrayDeque<>();
    private volatile boolean closed;

    InFlightLimit(int max, Overflow overflow, Deadlines deadlines) {
        this.max = max;
        this.overflow = overflow;
        this.deadlines = deadlines;
    }

    /** Somebody in line. */
    private record Waiter(Turn turn, int permits) {}

    /** What a publisher meets when there is no permit. */
    Overflow overflow() {
        return overflow;
    }

    /** Takes permits whether or not there are any: for those who must not wait. */
    void take(int permits) {
        counts.addAndGet(IN_FLIGHT, permits);
    }

    /**
     * Takes permits when there is room for one of them, and says whether it did; one publication may so overrun the
     * bound by its own size. Interruption ends the wait and stays set.
     *
     * @param until when to give up waiting
     */
    boolean acquire(int permits, long until) {
        return acquireNow(permits) || (overflow == Overflow.WAIT && awaitTurn(permits, until));
    }

    /** Takes permits as {@link #acquire} does, but without waiting. */
    boolean acquireNow(int permits) {
        return waiting.get() == 0 && tryTake(permits);
    }

    private boolean tryTake(int permits) {
        int current = counts.get(IN_FLIGHT);
        while (current < max) {
            if (counts.compareAndSet(IN_FLIGHT, current, current + permits)) {
                return true;
            }
            current = counts.get(IN_FLIGHT);
        }
        return false;
    }

    private boolean awaitTurn(int permits, long until) {
        Waiter waiter = new Waiter(new Turn(), permits);
        enter(waiter);
        try {
            admitNext();
            waiter.turn().await(deadlines, until, () -> closed);
        } finally {
            leave(waiter);
        }
        return waiter.turn().isAdmitted();
    }

    private void enter(Waiter waiter) {
        lock.lock();
        try {
            line.addLast(waiter);
            waiting.incrementAndGet();
        } finally {
            lock.unlock();
        }
    }

    /** Leaves the line if still in it; whether it was admitted does not change any more. */
    private void leave(Waiter waiter) {
        lock.lock();
        try {
            if (!waiter.turn().isAdmitted() && line.remove(waiter)) {
                waiting.decrementAndGet();
            }
        } finally {
            lock.unlock();
        }
    }

    private void admitNext() {
        lock.lock();
        try {
            while (!line.isEmpty() && tryTake(line.peekFirst().permits())) {
                waiting.decrementAndGet();
                line.removeFirst().turn().admit();
            }
        } finally {
            lock.unlock();
        }
    }

    void release(int permits) {
        counts.addAndGet(IN_FLIGHT, -permits);
        if (waiting.get() != 0) {
            admitNext();
        }
    }

    /** How many permits are taken. */
    int inFlight() {
        return counts.get(IN_FLIGHT);
    }

    /** How many publishers stand in line. */
    int waiting() {
        return waiting.get();
    }

    /** Sends everybody in line away, unadmitted. */
    void close() {
        closed = true;
        lock.lock();
        try {
            line.forEach(waiter -> waiter.turn().wake());
        } finally {
            lock.unlock();
        }
    }
}
