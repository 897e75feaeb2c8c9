package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.SimpleApplicationEventMulticaster;

/** The multicaster of Spring's application events, on its own. */
final class SpringBus implements Bus, Roster {
    private final SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();

    @Override
    public void subscribe(int index, Body body) {
        add(index, body);
    }

    @Override
    public Object add(int index, Body body) {
        SpringListener listener = new SpringListener(Shapes.plain(index, body));
        multicaster.addApplicationListener(listener);
        return listener;
    }

    @Override
    public void remove(Object added) {
        multicaster.removeApplicationListener((SpringListener) added);
    }

    @Override
    public @Nullable Object publish(Payload payload) {
        Object envelope = payload.envelope();
        SpringEvent event = envelope == null ? payload.wrappedIn(new SpringEvent(payload)) : (SpringEvent) envelope;
        multicaster.multicastEvent(event);
        return null;
    }

    @Override
    public void close() {}

    private static final class SpringEvent extends ApplicationEvent {
        private static final long serialVersionUID = 1;

        private final transient Payload payload;

        SpringEvent(Payload payload) {
            super(payload);
            this.payload = payload;
        }
    }

    private static final class SpringListener implements ApplicationListener<SpringEvent> {
        private final Consumer<Payload> listener;

        SpringListener(Consumer<Payload> listener) {
            this.listener = listener;
        }

        @Override
        public void onApplicationEvent(SpringEvent event) {
            listener.accept(event.payload);
        }
    }
}
