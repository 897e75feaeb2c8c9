package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Limit L6 with many names. */
final class MapEvents implements Events {
    private final ConcurrentHashMap<String, Consumer<Payload>[]> listeners = new ConcurrentHashMap<>();
    private final String[] names;

    MapEvents(int events) {
        names = Names.of(events);
    }

    @Override
    public void subscribe(int event, int index, Body body) {
        String name = names[event];
        listeners.put(name, Listeners.with(listeners.getOrDefault(name, Listeners.none()), index, body));
    }

    @Override
    public @Nullable Object publish(int event, Payload payload) {
        Consumer<Payload>[] found = listeners.get(names[event]);
        if (found != null) {
            for (Consumer<Payload> listener : found) {
                listener.accept(payload);
            }
        }
        return null;
    }
}
