package dev.convoke.internal.resolve;

import dev.convoke.event.EventType;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.ListenerOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One event name that has listeners, and the payload type that it is bound to meanwhile.
 *
 * <p>Thread-safe.
 */
final class Topic {
    /*
     * Concurrency
     * -----------
     * Slots, counts and `released` are guarded by the lock; no code of a user's runs under it. `roster` is written under
     * the lock and read without: a publisher sees every subscription that had returned before. A stale roster is null
     * and is built by whoever needs it, so that n changes in a row cost n steps, not n copies.
     * A topic whose last listener left is released for good: a subscriber that comes too late takes a new topic.
     */
    private static final int FEWEST_SLOTS = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final ListenerRegistry registry;
    private final EventType<?> type;

    /** Listeners in subscription order, with gaps (null) where one left. */
    private @Nullable Registration[] slots = new Registration[FEWEST_SLOTS];

    private int used;
    private int live;
    private long named;
    private boolean released;
    private volatile @Nullable Roster roster;

    Topic(ListenerRegistry registry, EventType<?> type) {
        this.registry = registry;
        this.type = type;
    }

    EventType<?> type() {
        return type;
    }

    /** Appends a listener, or returns null where this topic was released meanwhile. */
    @Nullable Registration append(AsyncListener<Object> listener, ListenerOptions options, @Nullable Duration timeout) {
        lock.lock();
        try {
            if (released) {
                return null;
            }
            named++;
            String id = options.name().orElse(type.name() + "#" + named);
            Registration registration = new Registration(this, id, listener, options, timeout);
            makeRoom();
            registration.slot = used;
            slots[used++] = registration;
            live++;
            roster = null;
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

    void remove(Registration registration) {
        if (leave(registration)) {
            registry.release(this);
        }
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
            roster = null;
            released = --live == 0;
            return released;
        } finally {
            lock.unlock();
        }
    }

    /** The listeners as they are now. */
    Roster roster() {
        Roster current = roster;
        return current != null ? current : rebuild();
    }

    private Roster rebuild() {
        lock.lock();
        try {
            Roster current = roster;
            if (current == null) {
                current = new Roster(live());
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

    List<ListenerInfo> listeners() {
        Roster current = roster();
        return IntStream.range(0, current.size())
                .mapToObj(i -> current.get(i).info())
                .toList();
    }
}
