package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.listener.AsyncListener;
import java.util.concurrent.CompletableFuture;

/** Limit L2: a loop that collects the listeners' stages and joins them, as one would write it without a library. */
final class AllOfLoop implements Bus {
    private AsyncListener<Payload>[] listeners = Listeners.noneAsync();

    @Override
    public void subscribe(int index, Body body) {
        listeners = Listeners.with(listeners, index, body);
    }

    @Override
    public CompletableFuture<Void> publish(Payload payload) {
        CompletableFuture<?>[] stages = new CompletableFuture<?>[listeners.length];
        try {
            for (int i = 0; i < stages.length; i++) {
                stages[i] = listeners[i].onEvent(payload).toCompletableFuture();
            }
        } catch (Exception e) {
            throw new IllegalStateException("no listener fails here", e);
        }
        return CompletableFuture.allOf(stages);
    }
}
