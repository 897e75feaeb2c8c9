package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import java.util.function.Consumer;
import org.greenrobot.eventbus.EventBus;
import org.greenrobot.eventbus.Subscribe;
import org.jspecify.annotations.Nullable;

/** greenrobot's event bus, calling listeners on the publisher's thread, and quiet about events that nobody hears. */
final class GreenrobotBus implements Bus {
    private final EventBus bus = EventBus.builder()
            .logNoSubscriberMessages(false)
            .sendNoSubscriberEvent(false)
            .build();

    @Override
    public void subscribe(int index, Body body) {
        bus.register(new GreenrobotListener(Shapes.plain(index, body)));
    }

    @Override
    public @Nullable Object publish(Payload payload) {
        bus.post(payload);
        return null;
    }

    /** What greenrobot calls by reflection; it demands that the class is public. */
    public static final class GreenrobotListener {
        private final Consumer<Payload> listener;

        GreenrobotListener(Consumer<Payload> listener) {
            this.listener = listener;
        }

        @Subscribe
        public void on(Payload payload) {
            listener.accept(payload);
        }
    }
}
