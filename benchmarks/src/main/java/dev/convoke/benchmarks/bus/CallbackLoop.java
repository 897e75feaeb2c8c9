package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.listener.AsyncListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A loop that hangs one callback on each listener's stage, and counts: the least that tells of each stage when it completes,
 * which {@link AllOfLoop} does not.
 */
final class CallbackLoop implements Bus {
    private AsyncListener<Payload>[] listeners = Listeners.noneAsync();

    @Override
    public void subscribe(int index, Body body) {
        listeners = Listeners.with(listeners, index, body);
    }

    @Override
    public CompletableFuture<Void> publish(Payload payload) {
        CompletableFuture<Void> all = new CompletableFuture<>();
        AtomicInteger left = new AtomicInteger(listeners.length);
        try {
            for (AsyncListener<Payload> listener : listeners) {
                listener.onEvent(payload).whenComplete((value, failure) -> {
                    if (left.decrementAndGet() == 0) {
                        all.complete(null);
                    }
                });
            }
        } catch (Exception e) {
            throw new IllegalStateException("no listener fails here", e);
        }
        return all;
    }
}
