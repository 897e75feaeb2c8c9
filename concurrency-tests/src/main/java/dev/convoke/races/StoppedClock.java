package dev.convoke.races;

import dev.convoke.spi.Ticker;
import java.time.Instant;

/** A clock that stands still, and so needs no thread for its alarms: a test makes very many coordinators. */
public final class StoppedClock implements Ticker {
    @Override
    public long nanoTime() {
        return 1;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH;
    }

    @Override
    public Alarm alarm(String name, Runnable onRing) {
        return new Alarm() {
            @Override
            public void ringAt(long nanoTime) {}

            @Override
            public void close() {}
        };
    }
}
