package dev.convoke.benchmarks.bus;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import dev.convoke.event.EventType;
import dev.convoke.listener.ListenerOptions;
import org.jspecify.annotations.Nullable;

/** Convoke by a publisher that publishes one event only, through a constant, while there are many others. */
final class ConvokeBound implements Events {
    private static final EventType<Payload> FIRST = EventType.of("benchmark.event-0", Payload.class);
    private static final ListenerOptions INLINE = ListenerOptions.defaults().inline();

    private static final int MIXED = 10;
    private static final int CALLS = 4_000;

    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();

    @Override
    public void subscribe(int event, int index, Body body) {
        EventType<Payload> type = event == 0 ? FIRST : EventType.of("benchmark.event-" + event, Payload.class);
        coordinator.subscribeToEvent(type, Shapes.async(index, body), INLINE);
        if (event > 0 && event < MIXED) {
            publishOften(type);
        }
    }

    /** So that the compiler has seen listeners of other classes than that of the one event that is measured. */
    private void publishOften(EventType<Payload> type) {
        Payload payload = new Payload(1);
        for (int i = 0; i < CALLS; i++) {
            coordinator.publishEvent(type, payload);
        }
    }

    @Override
    public @Nullable Object publish(int event, Payload payload) {
        coordinator.publishEvent(FIRST, payload);
        return null;
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
