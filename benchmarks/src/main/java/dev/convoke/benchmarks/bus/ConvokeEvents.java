package dev.convoke.benchmarks.bus;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import dev.convoke.event.EventType;
import dev.convoke.listener.ListenerOptions;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Convoke with an event type for each event. */
final class ConvokeEvents implements Events {
    private static final ListenerOptions INLINE = ListenerOptions.defaults().inline();

    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();
    private final List<EventType<Payload>> types;

    ConvokeEvents(int events) {
        types = Arrays.stream(Names.of(events))
                .map(name -> EventType.of(name, Payload.class))
                .toList();
    }

    @Override
    public void subscribe(int event, int index, Body body) {
        coordinator.subscribeToEvent(types.get(event), Shapes.async(index, body), INLINE);
    }

    @Override
    public @Nullable Object publish(int event, Payload payload) {
        coordinator.publishEvent(types.get(event), payload);
        return null;
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
