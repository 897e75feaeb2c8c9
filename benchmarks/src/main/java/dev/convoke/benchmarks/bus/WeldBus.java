package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Weld's CDI events, with observers that an extension adds, and one injected {@code Event} that is used throughout. */
final class WeldBus implements Bus, AwaitedBus {
    private final List<Consumer<Payload>> listeners = new ArrayList<>();
    private final boolean async;
    private @Nullable SeContainer container;
    private @Nullable Event<Payload> event;

    private WeldBus(boolean async) {
        this.async = async;
    }

    static WeldBus inline() {
        return new WeldBus(false);
    }

    static WeldBus async() {
        return new WeldBus(true);
    }

    @Override
    public void subscribe(int index, Body body) {
        listeners.add(Shapes.plain(index, body));
    }

    @Override
    public void start() {
        SeContainer started = SeContainerInitializer.newInstance()
                .disableDiscovery()
                .addBeanClasses(WeldBus.class)
                .addExtensions(new Observers(listeners, async))
                .initialize();
        container = started;
        event = started.getBeanManager().getEvent().select(Payload.class);
    }

    @Override
    public @Nullable Object publish(Payload payload) {
        event().fire(payload);
        return null;
    }

    @Override
    public void publishAndWait(Payload payload) {
        event().fireAsync(payload).toCompletableFuture().join();
    }

    private Event<Payload> event() {
        Event<Payload> started = event;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    @Override
    public void close() {
        if (container != null) {
            container.close();
        }
    }

    /** Adds an observer for each listener. */
    static final class Observers implements Extension {
        private final List<Consumer<Payload>> listeners;
        private final boolean async;

        Observers(List<Consumer<Payload>> listeners, boolean async) {
            this.listeners = listeners;
            this.async = async;
        }

        void addTo(@Observes AfterBeanDiscovery discovery) {
            for (Consumer<Payload> listener : listeners) {
                discovery
                        .<Payload>addObserverMethod()
                        .beanClass(WeldBus.class)
                        .observedType(Payload.class)
                        .async(async)
                        .notifyWith(context -> listener.accept(context.getEvent()));
            }
        }
    }
}
