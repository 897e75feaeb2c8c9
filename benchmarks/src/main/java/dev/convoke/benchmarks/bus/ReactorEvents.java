package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitFailureHandler;

/** A sink of Reactor's for each event, found by name in a map, as Reactor has no names. */
final class ReactorEvents implements Events {
    private final ConcurrentHashMap<String, Sinks.Many<Payload>> sinks = new ConcurrentHashMap<>();
    private final String[] names;

    ReactorEvents(int events) {
        names = Names.of(events);
    }

    @Override
    public void subscribe(int event, int index, Body body) {
        sinks.computeIfAbsent(names[event], name -> Sinks.many().multicast().directAllOrNothing())
                .asFlux()
                .subscribe(Shapes.plain(index, body));
    }

    @Override
    public @Nullable Object publish(int event, Payload payload) {
        Sinks.Many<Payload> sink = sinks.get(names[event]);
        if (sink != null) {
            sink.emitNext(payload, EmitFailureHandler.FAIL_FAST);
        }
        return null;
    }
}
