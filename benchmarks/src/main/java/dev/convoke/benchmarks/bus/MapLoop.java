package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Limit L6: finds the listeners by the event's name in a concurrent map, and calls them in a loop. */
final class MapLoop implements Bus {
    private static final String NAME = "benchmark";

    private final ConcurrentHashMap<String, Consumer<Payload>[]> listeners = new ConcurrentHashMap<>();

    MapLoop() {
        listeners.put("another event", Listeners.none()); // an empty map would answer without looking
    }

    @Override
    public void subscribe(int index, Body body) {
        listeners.put(NAME, Listeners.with(listeners.getOrDefault(NAME, Listeners.none()), index, body));
    }

    @Override
    public @Nullable Object publish(Payload payload) {
        Consumer<Payload>[] found = listeners.get(NAME);
        if (found != null) {
            for (Consumer<Payload> listener : found) {
                listener.accept(payload);
            }
        }
        return null;
    }
}
