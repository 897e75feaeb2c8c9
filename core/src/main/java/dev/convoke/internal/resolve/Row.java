package dev.convoke.internal.resolve;

import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was subscribed to, an event's name, a pattern or a payload type, with its listeners.
 *
 * <p>Thread-safe.
 */
sealed class Row permits Topic {
    /*
     * Concurrency
     * -----------
     * Slots, counts and `released` are guarded by the lock; no code of a user's runs under it. `roster` is written under
     * the lock and read without: a publisher sees every subscription that had returned before. A stale roster is null
     * and is built by whoever needs it, so that n changes in a row cost n steps, not n copies.
     * A row whose last listener left is released for good: a subscriber that comes too late takes a new row.
     * A registration's place in the order of all rows is taken under the lock, so that slots are in that order.
     */
    private static final int FEWEST_SLOTS = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final String name;
    private final Type payloadType;
    private final Sequence sequence;
    private final Consumer<Row> release;

    /** Listeners in subscription order, with gaps (null) where one left. */
    private @Nullable Registration[] slots = new Registration[FEWEST_SLOTS];

    private int used;
    private int live;
    private boolean released;
    private volatile @Nullable Roster roster;

    /**
     * An empty row.
     *
     * @param release takes it out of its table; called when the last listener has left, and harmless twice
     */
    Row(String name, Type payloadType, Sequence sequence, Consumer<Row> release) {
        this.name = name;
        this.payloadType = payloadType;
        this.sequence = sequence;
        this.release = release;
    }

    /** The event's name, the pattern, or the name of the payload type. */
    final String name() {
        return name;
    }

    /** What its listeners are given. */
    final Type payloadType() {
        return payloadType;
    }

    /** Appends a listener, or returns null where this row was released meanwhile. */
    final @Nullable Registration append(
            AsyncListener<Object> listener, ListenerOptions options, @Nullable Duration timeout) {
        lock.lock();
        try {
            if (released) {
                return null;
            }
            String id = sequence.enter(name, options);
            Registration registration = new Registration(this, sequence.next(), id, listener, options, timeout);
            makeRoom();
            registration.slot = used;
            slots[used++] = registration;
            live++;
            expire();
            return registration;
        } finally {
            lock.unlock();
        }
    }

    private void makeRoom() {
        if (used == slots.length) {
            Registration[] compact = live();
            slots = Arrays.copyOf(compact, Math.max(FEWEST_SLOTS, live * 2));
            used = live;
            for (int i = 0; i < used; i++) {
                compact[i].slot = i;
            }
        }
    }

    final void remove(Registration registration) {
        if (leave(registration)) {
            release();
        }
    }

    /** Takes this row out of its table, where it still is. */
    final void release() {
        release.accept(this);
    }

    /** Gives the place up, and says whether that was the last one. */
    private boolean leave(Registration registration) {
        lock.lock();
        try {
            if (registration.slot == Registration.NOWHERE) {
                return false; // it had left before
            }
            slots[registration.slot] = null;
            registration.slot = Registration.NOWHERE;
            released = --live == 0;
            expire();
            sequence.leave(name);
            return released;
        } finally {
            lock.unlock();
        }
    }

    /** Whether its listeners may be called has changed. */
    final void changed() {
        lock.lock();
        try {
            expire();
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock held. */
    private void expire() {
        Roster current = roster;
        if (current != null) {
            current.expire();
            roster = null;
        }
    }

    /** The listeners as they are now. */
    final Roster roster() {
        Roster current = roster;
        return current != null ? current : rebuild();
    }

    private Roster rebuild() {
        lock.lock();
        try {
            Roster current = roster;
            if (current == null) {
                current = Roster.ofRow(live());
                roster = current;
            }
            return current;
        } finally {
            lock.unlock();
        }
    }

    private Registration[] live() {
        Registration[] result = new Registration[live];
        int next = 0;
        for (int i = 0; i < used; i++) {
            Registration registration = slots[i];
            if (registration != null) {
                result[next++] = registration;
            }
        }
        return result;
    }
}
