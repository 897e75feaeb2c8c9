package dev.convoke.benchmarks.load;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts one listener's share of a batch, and tells the batch once: listeners do not contend for one counter. */
public final class Quota extends Body {
    private final Batch batch;
    private final AtomicInteger remaining = new AtomicInteger();

    public Quota(Batch batch) {
        this.batch = batch;
    }

    /** Expects so many events. */
    public void expect(int events) {
        remaining.set(events);
    }

    @Override
    public CompletionStage<?> take(Payload payload) {
        if (remaining.decrementAndGet() == 0) {
            batch.countDown();
        }
        return DONE;
    }
}
