package dev.convoke.benchmarks.load;

import java.util.concurrent.CompletionStage;

/** Blocks its thread for one millisecond. */
public final class Sleep extends Body {
    @Override
    public CompletionStage<?> take(Payload payload) {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a benchmark's listener", e);
        }
        return DONE;
    }
}
