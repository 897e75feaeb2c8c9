package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitFailureHandler;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A multicast sink of Reactor's whose subscribers are moved to other threads, as {@code publishOn} does. */
final class ReactorBus implements Bus {
    private static final int PREFETCH = 1_024; // several batches: what overflows ends a sink

    private final Sinks.Many<Payload> sink = Sinks.many().multicast().directAllOrNothing();
    private final Scheduler scheduler = Schedulers.newParallel("benchmark", processors(), true);

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public void subscribe(int index, Body body) {
        sink.asFlux().publishOn(scheduler, PREFETCH).subscribe(Shapes.plain(index, body));
    }

    @Override
    public @Nullable Object publish(Payload payload) {
        sink.emitNext(payload, EmitFailureHandler.FAIL_FAST);
        return null;
    }

    @Override
    public void close() {
        scheduler.dispose();
    }
}
