package dev.convoke.benchmarks.bus;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import dev.convoke.event.EventType;

/** Convoke with listeners on an executor, whose publications are awaited. */
final class ConvokeAwaited implements AwaitedBus {
    private static final EventType<Payload> EVENT = EventType.of("benchmark", Payload.class);

    /** Above what any scenario has in flight, so that no publisher waits for another. */
    private static final int IN_FLIGHT = 4_096;

    private final AsyncEventCoordinator coordinator;

    ConvokeAwaited(AsyncEventCoordinator.Builder builder) {
        coordinator = builder.maxInFlight(IN_FLIGHT).build();
    }

    @Override
    public void subscribe(int index, Body body) {
        coordinator.subscribeToEvent(EVENT, Shapes.async(index, body));
    }

    @Override
    public void publishAndWait(Payload payload) throws InterruptedException {
        coordinator.publishEvent(EVENT, payload).await();
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
