package dev.convoke.benchmarks.bus;

import com.google.common.eventbus.AllowConcurrentEvents;
import com.google.common.eventbus.AsyncEventBus;
import com.google.common.eventbus.EventBus;
import com.google.common.eventbus.Subscribe;
import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Guava's event bus, whose listeners say that they may be called concurrently, which spares it a lock for each call. */
@SuppressWarnings("UnstableApiUsage")
final class GuavaBus implements Bus, Roster {
    private final EventBus bus;

    private GuavaBus(EventBus bus) {
        this.bus = bus;
    }

    static GuavaBus inline() {
        return new GuavaBus(new EventBus());
    }

    static GuavaBus on(Executor executor) {
        return new GuavaBus(new AsyncEventBus(executor));
    }

    @Override
    public void subscribe(int index, Body body) {
        add(index, body);
    }

    @Override
    public Object add(int index, Body body) {
        GuavaListener listener = new GuavaListener(Shapes.plain(index, body));
        bus.register(listener);
        return listener;
    }

    @Override
    public void remove(Object added) {
        bus.unregister(added);
    }

    @Override
    public @Nullable Object publish(Payload payload) {
        bus.post(payload);
        return null;
    }

    @Override
    public void close() {}

    /** What Guava calls by reflection. */
    static final class GuavaListener {
        private final Consumer<Payload> listener;

        GuavaListener(Consumer<Payload> listener) {
            this.listener = listener;
        }

        @Subscribe
        @AllowConcurrentEvents
        public void on(Payload payload) {
            listener.accept(payload);
        }
    }
}
