package dev.convoke.benchmarks.load;

import java.util.concurrent.CompletionStage;

/** Writes to the payload, so that two publishers meet in the bus and nowhere else. */
public final class Touch extends Body {
    @Override
    public CompletionStage<?> take(Payload payload) {
        payload.touch();
        return DONE;
    }
}
