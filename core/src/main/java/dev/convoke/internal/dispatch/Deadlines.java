package dev.convoke.internal.dispatch;

import dev.convoke.spi.Ticker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Everything of one coordinator that is due at some time, on one timer.
 *
 * <p>Thread-safe. The ticker is a user's: it is never called with the lock held.
 */
public final class Deadlines {
    /*
     * Concurrency
     * -----------
     * A binary heap under one lock; each entry knows its place, so that one that is no longer needed leaves in O(log n)
     * and nothing stale stays behind. The alarm is set after the lock is released: settings may arrive in another
     * order, which does no harm as the earliest of them counts, and a ring that finds nothing due sets it again.
     */
    private static final int FEWEST_PLACES = 16;

    /** How long to wait with an entry that could not be handed on, as when no thread can be made. */
    private static final long AGAIN_NANOS = 10_000_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Ticker ticker;
    private final Ticker.Alarm alarm;
    private @Nullable Entry[] heap = new Entry[FEWEST_PLACES];
    private int size;
    private boolean closed;

    /** Whether something waits for which the alarm could not be set. */
    private volatile boolean alarmLost;

    Deadlines(Ticker ticker, String name) {
        this.ticker = ticker;
        this.alarm = ticker.alarm(name, this::ring);
    }

    /** Something that is due at one time. */
    public abstract static class Entry {
        private static final int NOWHERE = -1;

        /** The place in the heap; guarded by the lock, as {@code due} is. */
        private int place = NOWHERE;

        private long due;

        /**
         * Its time has come. Called on the timer's thread, which it must leave at once: no user code runs there. When it
         * throws it is called again a little later.
         */
        abstract void onDue();
    }

    long now() {
        return ticker.nanoTime();
    }

    /** Waits for the time; an entry that is waiting already keeps its own. */
    void add(Entry entry, long due) {
        boolean isFirst;
        lock.lock();
        try {
            isFirst = entry.place == Entry.NOWHERE && insert(entry, due) == 0;
        } finally {
            lock.unlock();
        }
        if (isFirst || alarmLost) {
            ringAtNext();
        }
    }

    /** Waits no more; harmless where it is not waiting. */
    void remove(Entry entry) {
        boolean wasLast;
        lock.lock();
        try {
            boolean waits = entry.place != Entry.NOWHERE;
            if (waits) {
                removeAt(entry.place);
            }
            wasLast = waits && closed && size == 0;
        } finally {
            lock.unlock();
        }
        if (wasLast) {
            letGo();
        } else if (alarmLost) {
            ringAtNext();
        }
    }

    /** How many entries wait. */
    int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    private void ring() {
        for (Entry entry : takeDue(now())) {
            handOn(entry);
        }
        ringAtNext();
    }

    private void handOn(Entry entry) {
        try {
            entry.onDue();
        } catch (Throwable e) {
            Log.warn("a deadline could not be handed to a thread, and is tried again", e);
            add(entry, now() + AGAIN_NANOS);
        }
    }

    private List<Entry> takeDue(long now) {
        List<Entry> due = new ArrayList<>();
        lock.lock();
        try {
            while (size > 0 && at(0).due - now <= 0) {
                due.add(at(0));
                removeAt(0);
            }
        } finally {
            lock.unlock();
        }
        return due;
    }

    private void ringAtNext() {
        boolean isWaiting;
        long next = 0;
        lock.lock();
        try {
            isWaiting = size > 0;
            if (isWaiting) {
                next = at(0).due;
            }
        } finally {
            lock.unlock();
        }
        if (isWaiting) {
            setAlarm(next);
        }
    }

    /** An alarm that cannot be set, as when its thread cannot be made, is set by whoever comes next. */
    private void setAlarm(long due) {
        try {
            alarm.ringAt(due);
            alarmLost = false;
        } catch (Throwable e) {
            alarmLost = true;
            Log.warn("the timer could not be set, and will be by the next delivery", e);
        }
    }

    /** Lets go of the timer's thread now and whenever nothing is waiting. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        letGo();
    }

    /** Makes the alarm forget, and sets it again for what is waiting: also for what came in between. */
    private void letGo() {
        alarm.close();
        ringAtNext();
    }

    private Entry at(int place) {
        return Objects.requireNonNull(heap[place]);
    }

    private int insert(Entry entry, long due) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        entry.due = due;
        put(entry, size++);
        return siftUp(entry);
    }

    private void removeAt(int place) {
        at(place).place = Entry.NOWHERE;
        Entry last = at(--size);
        heap[size] = null;
        if (place < size) {
            put(last, place);
            siftDown(last);
            siftUp(last);
        }
    }

    private void put(Entry entry, int place) {
        heap[place] = entry;
        entry.place = place;
    }

    private int siftUp(Entry entry) {
        while (entry.place > 0 && isBefore(entry, at((entry.place - 1) / 2))) {
            swap(entry, at((entry.place - 1) / 2));
        }
        return entry.place;
    }

    private void siftDown(Entry entry) {
        while (2 * entry.place + 1 < size) {
            Entry child = at(2 * entry.place + 1);
            if (child.place + 1 < size && isBefore(at(child.place + 1), child)) {
                child = at(child.place + 1);
            }
            if (!isBefore(child, entry)) {
                return;
            }
            swap(child, entry);
        }
    }

    private void swap(Entry one, Entry other) {
        int place = one.place;
        put(one, other.place);
        put(other, place);
    }

    private static boolean isBefore(Entry one, Entry other) {
        return one.due - other.due < 0;
    }
}
