package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import java.util.function.Consumer;
import net.neoforged.bus.api.BusBuilder;
import net.neoforged.bus.api.Event;
import net.neoforged.bus.api.IEventBus;
import org.jspecify.annotations.Nullable;

/** NeoForged's bus, whose events are classes of their own: a payload is wrapped once. */
final class NeoForgedEvents implements Bus, Events, Roster {
    private final IEventBus bus = BusBuilder.builder().build();

    @Override
    public void subscribe(int index, Body body) {
        bus.addListener(First.class, shape(index, body));
    }

    @Override
    public void subscribe(int event, int index, Body body) {
        if (event == 0) {
            subscribe(index, body);
        } else {
            bus.addListener(Second.class, shape(index, body));
        }
    }

    @Override
    public Object add(int index, Body body) {
        Consumer<First> listener = shape(index, body);
        bus.addListener(First.class, listener);
        return listener;
    }

    @Override
    public void remove(Object added) {
        bus.unregister(added);
    }

    @Override
    public @Nullable Object publish(Payload payload) {
        Object envelope = payload.envelope();
        bus.post(envelope == null ? payload.wrappedIn(new First(payload)) : (First) envelope);
        return null;
    }

    @Override
    public @Nullable Object publish(int event, Payload payload) {
        if (event == 0) {
            return publish(payload);
        }
        Object envelope = payload.envelope();
        bus.post(envelope == null ? payload.wrappedIn(new Second(payload)) : (Second) envelope);
        return null;
    }

    @Override
    public void close() {}

    private static <E extends Wrapped> Consumer<E> shape(int index, Body body) {
        return switch (index % 8) {
            case 0 -> event -> body.take(event.payload);
            case 1 -> event -> body.take(event.payload);
            case 2 -> event -> body.take(event.payload);
            case 3 -> event -> body.take(event.payload);
            case 4 -> event -> body.take(event.payload);
            case 5 -> event -> body.take(event.payload);
            case 6 -> event -> body.take(event.payload);
            default -> event -> body.take(event.payload);
        };
    }

    private abstract static class Wrapped extends Event {
        final Payload payload;

        Wrapped(Payload payload) {
            this.payload = payload;
        }
    }

    private static final class First extends Wrapped {
        First(Payload payload) {
            super(payload);
        }
    }

    private static final class Second extends Wrapped {
        Second(Payload payload) {
            super(payload);
        }
    }
}
