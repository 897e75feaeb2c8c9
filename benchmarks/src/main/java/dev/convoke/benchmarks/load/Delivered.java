package dev.convoke.benchmarks.load;

import java.util.concurrent.CompletionStage;

/** Tells the payload's own batch; for several publishers that share one listener. */
public final class Delivered extends Body {
    @Override
    public CompletionStage<?> take(Payload payload) {
        payload.delivered();
        return DONE;
    }
}
