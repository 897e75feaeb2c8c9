package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Limits L4 and L5 where nobody waits: a task for each listener, and nothing else. */
final class TaskPerListener implements Bus {
    private final Executor executor;
    private Consumer<Payload>[] listeners = Listeners.none();

    TaskPerListener(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void subscribe(int index, Body body) {
        listeners = Listeners.with(listeners, index, body);
    }

    @Override
    public @Nullable Object publish(Payload payload) {
        for (Consumer<Payload> listener : listeners) {
            executor.execute(() -> listener.accept(payload));
        }
        return null;
    }
}
