package dev.convoke.internal.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The publications that have begun and not ended, for those who wait for them or look at them.
 *
 * <p>Thread-safe.
 */
final class Unfinished {
    /*
     * Concurrency
     * -----------
     * A few lists, each with its lock, so that publishers on several cores seldom meet. A publication enters one by its
     * thread and leaves the same; its links are guarded by that list's lock. `closed` is checked under the lock and set
     * before the snapshot takes every lock once: a publication is either in the snapshot of a drain, or refused.
     * A waiter counts itself and then looks; who ends something writes and then looks for waiters.
     */
    private static final int STRIPES = 8;

    private static final AtomicIntegerFieldUpdater<Unfinished> WAITERS =
            AtomicIntegerFieldUpdater.newUpdater(Unfinished.class, "waiters");

    private final Stripe[] stripes = new Stripe[STRIPES];
    private final ReentrantLock waitLock = new ReentrantLock();
    private final Condition changed = waitLock.newCondition();

    /** A field and no object of its own: that could lie beside a lock, and is read whenever a delivery ends. */
    private volatile int waiters;

    private volatile boolean closed;
    private volatile boolean drained;

    Unfinished() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    /** One of the lists. */
    static final class Stripe {
        final ReentrantLock lock = new ReentrantLock();

        @Nullable LivePublication<?> first;
    }

    boolean isClosed() {
        return closed;
    }

    /** Enters a publication unless this is closed, and says whether it did. */
    boolean add(LivePublication<?> publication) {
        return add(publication, false);
    }

    /** Enters a publication that was admitted before. */
    void addLate(LivePublication<?> publication) {
        add(publication, true);
    }

    private boolean add(LivePublication<?> publication, boolean late) {
        Stripe stripe = stripes[(int) (Thread.currentThread().getId() & (STRIPES - 1))];
        stripe.lock.lock();
        try {
            if (closed && !late) {
                return false;
            }
            publication.stripe = stripe;
            publication.next = stripe.first;
            if (stripe.first != null) {
                stripe.first.previous = publication;
            }
            stripe.first = publication;
            return true;
        } finally {
            stripe.lock.unlock();
        }
    }

    /** Takes out a publication that was entered. */
    void remove(LivePublication<?> publication, Stripe stripe) {
        stripe.lock.lock();
        try {
            unlink(publication, stripe);
        } finally {
            stripe.lock.unlock();
        }
    }

    private static void unlink(LivePublication<?> publication, Stripe stripe) {
        LivePublication<?> next = publication.next;
        LivePublication<?> previous = publication.previous;
        if (next != null) {
            next.previous = previous;
        }
        if (previous != null) {
            previous.next = next;
        } else {
            stripe.first = next;
        }
        publication.next = null;
        publication.previous = null;
    }

    /** Refuses whatever comes from now on. */
    void close() {
        closed = true;
    }

    /** Nobody waits any more for what enters late. */
    void setDrained() {
        drained = true;
    }

    boolean isDrained() {
        return drained;
    }

    /** Every delivery of every publication that is in here now. */
    List<Delivery> deliveries() {
        List<Delivery> all = new ArrayList<>();
        for (Stripe stripe : stripes) {
            stripe.lock.lock();
            try {
                for (LivePublication<?> p = stripe.first; p != null; p = p.next) {
                    all.addAll(p.deliveries());
                }
            } finally {
                stripe.lock.unlock();
            }
        }
        return all;
    }

    /** A delivery has ended: wakes those who wait. */
    void ended() {
        if (waiters != 0) {
            waitLock.lock();
            try {
                changed.signalAll();
            } finally {
                waitLock.unlock();
            }
        }
    }

    /** Waits, in real time, until all of these have ended; interruption ends the wait and stays set. */
    boolean awaitEnd(List<Delivery> deliveries, long nanos) {
        Progress progress = new Progress(deliveries);
        WAITERS.incrementAndGet(this);
        waitLock.lock();
        try {
            long left = nanos;
            while (!progress.isDone() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return progress.isDone();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return progress.isDone();
        } finally {
            waitLock.unlock();
            WAITERS.decrementAndGet(this);
        }
    }

    /** Goes along a list as far as everything has ended, never back. Confined to one thread. */
    private static final class Progress {
        private final List<Delivery> deliveries;
        private int done;

        Progress(List<Delivery> deliveries) {
            this.deliveries = deliveries;
        }

        boolean isDone() {
            while (done < deliveries.size() && deliveries.get(done).hasEnded()) {
                done++;
            }
            return done == deliveries.size();
        }
    }
}
