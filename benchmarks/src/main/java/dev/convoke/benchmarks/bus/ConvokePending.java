package dev.convoke.benchmarks.bus;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import dev.convoke.event.EventType;
import dev.convoke.event.Outcome;
import dev.convoke.listener.ListenerOptions;
import java.util.concurrent.CompletableFuture;

/** Convoke with inline listeners, by a publisher that asks for the outcome: {@link #publish} returns its future. */
final class ConvokePending implements Bus {
    private static final EventType<Payload> EVENT = EventType.of("benchmark", Payload.class);

    private final AsyncEventCoordinator coordinator;

    ConvokePending(AsyncEventCoordinator.Builder builder) {
        coordinator = builder.build();
    }

    @Override
    public void subscribe(int index, Body body) {
        coordinator.subscribeToEvent(
                EVENT, Shapes.async(index, body), ListenerOptions.defaults().inline());
    }

    @Override
    public CompletableFuture<Outcome> publish(Payload payload) {
        return coordinator.publishEvent(EVENT, payload).outcome();
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
