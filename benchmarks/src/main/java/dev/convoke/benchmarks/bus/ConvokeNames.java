package dev.convoke.benchmarks.bus;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.event.EventArguments;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import org.jspecify.annotations.Nullable;

/** Convoke by name alone: the payload is a positional argument, and the listener takes it from there. */
final class ConvokeNames implements Events {
    private static final ListenerOptions INLINE = ListenerOptions.defaults().inline();

    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();
    private final String[] names;

    ConvokeNames(int events) {
        names = Names.of(events);
    }

    @Override
    public void subscribe(int event, int index, Body body) {
        coordinator.subscribeToEvent(names[event], shape(index, body), INLINE);
    }

    private static AsyncListener<EventArguments> shape(int index, Body body) {
        return switch (index % 4) {
            case 0 -> arguments -> body.take(arguments.get(0, Payload.class));
            case 1 -> arguments -> body.take(arguments.get(0, Payload.class));
            case 2 -> arguments -> body.take(arguments.get(0, Payload.class));
            default -> arguments -> body.take(arguments.get(0, Payload.class));
        };
    }

    @Override
    public @Nullable Object publish(int event, Payload payload) {
        coordinator.publishEvent(names[event], payload);
        return null;
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
