package dev.convoke.benchmarks.bus;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import dev.convoke.event.EventType;
import dev.convoke.listener.ListenerOptions;
import java.util.concurrent.Executor;

/** Convoke with listeners on an executor, whose publications nobody awaits. */
final class ConvokeHandOff implements Bus {
    private static final EventType<Payload> EVENT =
            EventType.of("benchmark", Payload.class).keyedBy(Payload::key);

    private final AsyncEventCoordinator coordinator;
    private final ListenerOptions options;

    ConvokeHandOff(AsyncEventCoordinator coordinator, ListenerOptions options) {
        this.coordinator = coordinator;
        this.options = options;
    }

    /** On threads of Convoke's own: virtual ones where there are any. */
    static ConvokeHandOff onItsOwn() {
        return new ConvokeHandOff(new AsyncEventCoordinator(), ListenerOptions.defaults());
    }

    static ConvokeHandOff on(Executor executor) {
        return on(executor, ListenerOptions.defaults());
    }

    static ConvokeHandOff on(Executor executor, ListenerOptions options) {
        return new ConvokeHandOff(
                AsyncEventCoordinator.builder().executor(executor).build(), options);
    }

    /** With a clock that costs nothing and stands still: the difference is what reading one costs. */
    static ConvokeHandOff withoutTime(Executor executor) {
        return new ConvokeHandOff(
                AsyncEventCoordinator.builder()
                        .executor(executor)
                        .ticker(new StoppedTicker())
                        .build(),
                ListenerOptions.defaults());
    }

    @Override
    public void subscribe(int index, Body body) {
        coordinator.subscribeToEvent(EVENT, Shapes.async(index, body), options);
    }

    @Override
    public Object publish(Payload payload) {
        return coordinator.publishEvent(EVENT, payload);
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
