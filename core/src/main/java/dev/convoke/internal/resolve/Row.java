package dev.convoke.internal.resolve;

import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What was subscribed to, an event's name, a pattern or a payload type, with its listeners.
 *
 * <p>Thread-safe.
 */
abstract sealed class Row permits Topic, WideRow {
    /*
     * Concurrency
     * -----------
     * Slots, counts and `released` are guarded by the lock; no code of a user's runs under it. `roster` is written under
     * the lock and read without: a publisher sees every subscription that had returned before. A stale roster is null
     * and is built by whoever needs it, so that n changes in a row cost n steps, not n copies.
     * A row whose last listener left is released for good: a subscriber that comes too late takes a new row. A registration
     * that is reserved keeps its row as a listener would, and is in no roster until it enters.
     * A registration's place in the order of all rows is taken under the lock when it enters, so that slots are in that order.
     */
    private static final AtomicIntegerFieldUpdater<Row> NUMBERED =
            AtomicIntegerFieldUpdater.newUpdater(Row.class, "numbered");

    private final ReentrantLock lock;
    private final RowTable table;

    /** The row that numbers its listeners: one of the same text that was there before, or itself. */
    private final Row numbering;

    /** How many listeners it has numbered. */
    @SuppressWarnings("unused") // by its updater
    private volatile int numbered;

    /** Listeners in subscription order, with gaps (null) where one left. */
    private @Nullable Registration[] slots = new Registration[1];

    private int used;
    private int live;

    /** Registrations that are going to enter. */
    private short reserved; // beside the flag: one more word would put the roster on another cache line

    private boolean released;
    private volatile @Nullable Roster roster;

    /**
     * An empty row.
     *
     * @param sameName a row of the same text, if there is one: a name, a pattern and a payload type may have the same, and
     *     the ids of their listeners differ still
     */
    Row(String name, RowTable table, @Nullable Row sameName) {
        this.lock = table.lockOf(name);
        this.table = table;
        this.numbering = sameName == null ? this : sameName.numbering;
    }

    /** The event's name, the pattern, or the name of the payload type. */
    abstract String name();

    /** What its listeners are given. */
    abstract Type payloadType();

    /** Appends a listener, or returns null where this row was released before. */
    final @Nullable Registration append(
            AsyncListener<Object> listener, ListenerOptions options, @Nullable Duration timeout) {
        lock.lock();
        try {
            if (released) {
                return null;
            }
            Registration registration = registration(listener, options, timeout);
            take(registration);
            return registration;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps a place for a listener that is to {@link #enter}, or returns null where this row was released before. */
    final @Nullable Registration reserve(
            AsyncListener<Object> listener, ListenerOptions options, @Nullable Duration timeout) {
        lock.lock();
        try {
            if (released) {
                return null;
            }
            reserved++;
            return registration(listener, options, timeout);
        } finally {
            lock.unlock();
        }
    }

    private Registration registration(
            AsyncListener<Object> listener, ListenerOptions options, @Nullable Duration timeout) {
        return new Registration(this, NUMBERED.incrementAndGet(numbering), listener, options, timeout);
    }

    /** Appends a listener that a place was kept for, unless it has left. */
    final void enter(Registration registration) {
        lock.lock();
        try {
            if (registration.slot == Registration.RESERVED) {
                reserved--;
                take(registration);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock held. */
    private void take(Registration registration) {
        registration.placeAt(table.sequence().next());
        makeRoom();
        registration.slot = used;
        slots[used++] = registration;
        live++;
        expire();
    }

    private void makeRoom() {
        if (used == slots.length) {
            Registration[] compact = live();
            slots = Arrays.copyOf(compact, live * 2);
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
        table.release(this);
    }

    /** Gives the place up, and says whether that was the last one. */
    private boolean leave(Registration registration) {
        lock.lock();
        try {
            if (registration.slot == Registration.NOWHERE) {
                return false; // it had left before
            }
            giveUp(registration.slot);
            registration.slot = Registration.NOWHERE;
            released = live == 0 && reserved == 0;
            return released;
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock held. */
    private void giveUp(int slot) {
        if (slot == Registration.RESERVED) {
            reserved--;
        } else {
            slots[slot] = null;
            live--;
            expire();
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
