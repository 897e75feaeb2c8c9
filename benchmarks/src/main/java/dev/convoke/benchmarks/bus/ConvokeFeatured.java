package dev.convoke.benchmarks.bus;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.PublishOptions;
import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import dev.convoke.event.EventType;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import org.jspecify.annotations.Nullable;

/** Convoke with a feature in use. */
final class ConvokeFeatured implements Bus {
    private static final EventType<Payload> EVENT = EventType.of("benchmark.event", Payload.class);

    private final AsyncEventCoordinator coordinator;
    private final ListenerOptions listenerOptions;
    private final @Nullable PublishOptions publishOptions;
    private final Feature feature;

    ConvokeFeatured(AsyncEventCoordinator.Builder builder, ListenerOptions options, Feature feature) {
        this.feature = feature;
        coordinator = feature.given(builder).build();
        listenerOptions = feature.given(options);
        publishOptions = feature.publishOptions();
    }

    @Override
    public void subscribe(int index, Body body) {
        AsyncListener<Payload> listener = Shapes.async(index, body);
        switch (feature) {
            case BY_PATTERN ->
                coordinator.subscribeToEvents(
                        "benchmark.**", event -> listener.onEvent((Payload) event.payload()), listenerOptions);
            case BY_PAYLOAD_TYPE -> coordinator.subscribeToPayload(Payload.class, listener, listenerOptions);
            default -> coordinator.subscribeToEvent(EVENT, listener, listenerOptions);
        }
    }

    @Override
    public void start() {
        feature.open(coordinator);
    }

    @Override
    public @Nullable Object publish(Payload payload) {
        if (publishOptions == null) {
            coordinator.publishEvent(EVENT, payload);
        } else {
            coordinator.publishEvent(EVENT, payload, publishOptions);
        }
        return null;
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
