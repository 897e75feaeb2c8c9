package dev.convoke.benchmarks.bus;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import dev.convoke.event.EventType;
import dev.convoke.listener.ListenerOptions;
import org.jspecify.annotations.Nullable;

/** Convoke with inline listeners, by a publisher that drops the publication. */
final class ConvokeInline implements Bus {
    private static final EventType<Payload> EVENT = EventType.of("benchmark", Payload.class);

    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();

    ConvokeInline() {
        coordinator.subscribeToEvent("another event", arguments -> completedFuture(null));
    }

    @Override
    public void subscribe(int index, Body body) {
        coordinator.subscribeToEvent(
                EVENT, Shapes.async(index, body), ListenerOptions.defaults().inline());
    }

    @Override
    public @Nullable Object publish(Payload payload) {
        coordinator.publishEvent(EVENT, payload);
        return null;
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
