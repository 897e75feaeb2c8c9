package dev.convoke.benchmarks.bus;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import dev.convoke.event.EventType;
import dev.convoke.listener.Subscription;

/** Convoke's subscriptions. */
final class ConvokeRoster implements Roster {
    private static final EventType<Payload> EVENT = EventType.of("benchmark", Payload.class);

    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();

    @Override
    public Object add(int index, Body body) {
        return coordinator.subscribeToEvent(EVENT, Shapes.async(index, body));
    }

    @Override
    public void remove(Object added) {
        ((Subscription) added).close();
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
