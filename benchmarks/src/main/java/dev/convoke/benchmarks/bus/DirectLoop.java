package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Limit L1: a loop over an array that calls each listener. */
final class DirectLoop implements Bus {
    private Consumer<Payload>[] listeners = Listeners.none();

    @Override
    public void subscribe(int index, Body body) {
        listeners = Listeners.with(listeners, index, body);
    }

    @Override
    public @Nullable Object publish(Payload payload) {
        for (Consumer<Payload> listener : listeners) {
            listener.accept(payload);
        }
        return null;
    }
}
