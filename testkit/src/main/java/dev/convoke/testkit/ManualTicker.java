package dev.convoke.testkit;

import dev.convoke.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A clock that moves when a test says so; its alarms ring on the thread that moves it, in order of time.
 *
 * <p>Thread-safe. No lock is held while an alarm rings, so what rings may set alarms, read the clock or move it. Two threads
 * that move it at once move it to the later of their two times.
 */
public final class ManualTicker implements Ticker {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** Not zero, so that nobody takes zero for a time that was never read. */
    private static final long ORIGIN = 1_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Instant start;

    /** The alarms that are set, the next one first; guarded by the lock, as all below. */
    private final TreeSet<ManualAlarm> set = new TreeSet<>();

    private long now = ORIGIN;
    private long alarms;

    /** A clock that begins with the year 2026, UTC. */
    public ManualTicker() {
        this(START);
    }

    /** A clock whose time of day is this, until it is moved. */
    public ManualTicker(Instant start) {
        this.start = Objects.requireNonNull(start, "start must not be null");
    }

    @Override
    public long nanoTime() {
        lock.lock();
        try {
            return now;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Instant instant() {
        return start.plusNanos(nanoTime() - ORIGIN);
    }

    @Override
    public Alarm alarm(String name, Runnable onRing) {
        Objects.requireNonNull(onRing, "onRing must not be null");
        lock.lock();
        try {
            return new ManualAlarm(onRing, alarms++);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Moves the clock, stopping at the time of each alarm that is due until then, where it rings: what is due after one
     * second reads one second, and what it sets for a time before the end rings as well. Moving by nothing rings what is
     * due already.
     *
     * @throws IllegalArgumentException if the duration is negative
     * @throws ArithmeticException if the duration is longer than 292 years
     */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("a clock does not go back: " + by);
        }
        ringUntil(nanoTime() + by.toNanos());
    }

    /**
     * Moves the clock to the time of the next alarm and rings what is due then.
     *
     * @return false, with the clock where it was, where no alarm is set
     */
    public boolean advanceToNextAlarm() {
        long next;
        lock.lock();
        try {
            if (set.isEmpty()) {
                return false;
            }
            next = set.first().due;
        } finally {
            lock.unlock();
        }
        ringUntil(next);
        return true;
    }

    private void ringUntil(long end) {
        for (ManualAlarm due = takeNext(end); due != null; due = takeNext(end)) {
            due.onRing.run();
        }
    }

    /** Moves the clock to the next alarm until that time, which is set no more; or else to the end. */
    private @Nullable ManualAlarm takeNext(long end) {
        lock.lock();
        try {
            boolean isDue = !set.isEmpty() && set.first().due - end <= 0;
            ManualAlarm next = isDue ? set.pollFirst() : null;
            moveTo(next == null ? end : next.due);
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** An alarm may be set for a time that has passed, and another thread may have moved the clock further. */
    private void moveTo(long time) {
        if (time - now > 0) {
            now = time;
        }
    }

    /** The time of day, and how many alarms are set. */
    @Override
    public String toString() {
        lock.lock();
        try {
            return "ManualTicker[" + instant() + ", alarms set: " + set.size() + "]";
        } finally {
            lock.unlock();
        }
    }

    /** In the set while it is to ring, and else held by its owner alone. */
    private final class ManualAlarm implements Alarm, Comparable<ManualAlarm> {
        private final Runnable onRing;
        private final long number;
        private long due;

        ManualAlarm(Runnable onRing, long number) {
            this.onRing = onRing;
            this.number = number;
        }

        @Override
        public void ringAt(long nanoTime) {
            lock.lock();
            try {
                boolean wasSet = set.remove(this);
                due = wasSet && due - nanoTime < 0 ? due : nanoTime;
                set.add(this);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                set.remove(this);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public int compareTo(ManualAlarm other) {
            return due == other.due ? Long.compare(number, other.number) : Long.compare(due - other.due, 0);
        }
    }
}
