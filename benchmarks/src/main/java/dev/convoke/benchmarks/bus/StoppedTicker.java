package dev.convoke.benchmarks.bus;

import dev.convoke.spi.Ticker;
import java.time.Instant;

/** A clock that stands still, and so never rings. */
final class StoppedTicker implements Ticker {
    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH;
    }

    @Override
    public Alarm alarm(String name, Runnable onRing) {
        return new Alarm() {
            @Override
            public void ringAt(long nanoTime) {
                // that time never comes
            }

            @Override
            public void close() {
                // it has nothing
            }
        };
    }
}
