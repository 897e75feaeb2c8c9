package dev.convoke.races;

import dev.convoke.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A clock that moves when a test says so; its one alarm rings on the thread that moves it.
 *
 * <p>Thread-safe.
 */
final class HandMovedClock implements Ticker {
    /** A few microseconds' worth of a thread's start, many times over: nothing depends on it but the odds of meeting. */
    private static final int SPINS = 100_000;

    private final AtomicBoolean set = new AtomicBoolean();
    private volatile @Nullable Runnable onRing;
    private volatile @Nullable Thread mover;
    private volatile boolean lookedAt;
    private volatile long nanos = 1;

    @Override
    public long nanoTime() {
        Thread moves = mover;
        if (moves != null && !Thread.currentThread().equals(moves)) {
            lookedAt = true;
        }
        return nanos;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH;
    }

    @Override
    public Alarm alarm(String name, Runnable onRing) {
        this.onRing = onRing;
        return new HandRungAlarm();
    }

    /** Called once. */
    void advance(Duration by) {
        mover = Thread.currentThread();
        nanos = 1 + by.toNanos();
        Runnable ring = onRing;
        if (ring != null && set.get()) {
            ring.run();
        }
    }

    /** Waits, but not for ever, until another thread than the mover's looks at the moved clock. */
    void awaitLook() {
        for (int spin = 0; spin < SPINS && !lookedAt; spin++) {
            Thread.onSpinWait();
        }
    }

    private final class HandRungAlarm implements Alarm {
        @Override
        public void ringAt(long nanoTime) {
            set.set(true);
        }

        @Override
        public void close() {
            set.set(false);
        }
    }
}
