package dev.convoke.benchmarks.bus;

import com.google.common.eventbus.AllowConcurrentEvents;
import com.google.common.eventbus.EventBus;
import com.google.common.eventbus.Subscribe;
import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Guava's event bus with two events, which are the classes of the two payloads. */
@SuppressWarnings("UnstableApiUsage")
final class GuavaEvents implements Events {
    private final EventBus bus = new EventBus();

    @Override
    public void subscribe(int event, int index, Body body) {
        Consumer<Payload> listener = Shapes.plain(index, body);
        bus.register(event == 0 ? new ForFirst(listener) : new ForSecond(listener));
    }

    @Override
    public @Nullable Object publish(int event, Payload payload) {
        bus.post(payload);
        return null;
    }

    private static final class ForFirst {
        private final Consumer<Payload> listener;

        ForFirst(Consumer<Payload> listener) {
            this.listener = listener;
        }

        @Subscribe
        @AllowConcurrentEvents
        public void on(Payload.First payload) {
            listener.accept(payload);
        }
    }

    private static final class ForSecond {
        private final Consumer<Payload> listener;

        ForSecond(Consumer<Payload> listener) {
            this.listener = listener;
        }

        @Subscribe
        @AllowConcurrentEvents
        public void on(Payload.Second payload) {
            listener.accept(payload);
        }
    }
}
