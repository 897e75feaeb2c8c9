package dev.convoke.testing;

import dev.convoke.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A clock that moves when a test says so; its alarms ring on the thread that moves it. */
public final class ManualTicker implements Ticker {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<ManualAlarm> alarms = new ArrayList<>();
    private long nanos = 1_000;

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return START.plusNanos(nanoTime());
    }

    @Override
    public synchronized Alarm alarm(String name, Runnable onRing) {
        ManualAlarm alarm = new ManualAlarm(onRing);
        alarms.add(alarm);
        return alarm;
    }

    /** Moves the clock and rings what is due. */
    public void advance(Duration by) {
        List<ManualAlarm> all;
        synchronized (this) {
            nanos += by.toNanos();
            all = List.copyOf(alarms);
        }
        all.forEach(ManualAlarm::ringIfDue);
    }

    private final class ManualAlarm implements Alarm {
        private final Runnable onRing;
        private Long ringAt;

        ManualAlarm(Runnable onRing) {
            this.onRing = onRing;
        }

        @Override
        public synchronized void ringAt(long nanoTime) {
            ringAt = ringAt == null ? nanoTime : Math.min(ringAt, nanoTime);
        }

        void ringIfDue() {
            synchronized (this) {
                if (ringAt == null || ringAt > nanoTime()) {
                    return;
                }
                ringAt = null;
            }
            onRing.run();
        }

        @Override
        public synchronized void close() {
            ringAt = null;
        }
    }
}
