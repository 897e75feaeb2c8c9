package dev.convoke.benchmarks.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Returns a new stage for each event, which the benchmark completes later. */
public final class Unfinished extends Body {
    private CompletableFuture<Object> stage = new CompletableFuture<>();

    @Override
    public CompletionStage<?> take(Payload payload) {
        stage = new CompletableFuture<>();
        return stage;
    }

    /** Completes the latest stage. */
    public void finish() {
        stage.complete(this);
    }
}
