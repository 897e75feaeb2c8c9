package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.listener.AsyncListener;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Limit L3: a loop that calls each listener and looks whether its stage is done, which is the least to know of it. */
final class IsDoneLoop implements Bus {
    private AsyncListener<Payload>[] listeners = Listeners.noneAsync();

    @Override
    public void subscribe(int index, Body body) {
        listeners = Listeners.with(listeners, index, body);
    }

    @Override
    public @Nullable Object publish(Payload payload) {
        try {
            for (AsyncListener<Payload> listener : listeners) {
                if (!(listener.onEvent(payload) instanceof CompletableFuture<?> stage) || !stage.isDone()) {
                    throw new IllegalStateException("all stages are done here");
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException("no listener fails here", e);
        }
        return null;
    }
}
