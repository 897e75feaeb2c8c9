package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import net.engio.mbassy.bus.MBassador;
import net.engio.mbassy.bus.config.BusConfiguration;
import net.engio.mbassy.bus.config.Feature;
import net.engio.mbassy.bus.error.IPublicationErrorHandler;
import net.engio.mbassy.listener.Handler;
import net.engio.mbassy.listener.Listener;
import net.engio.mbassy.listener.References;
import org.jspecify.annotations.Nullable;

/** MBassador, with strong references to its listeners; asynchronous publication as its default has it. */
final class MBassadorBus implements Bus, AwaitedBus, Roster {
    private final MBassador<Object> bus = new MBassador<>(new BusConfiguration()
            .addFeature(Feature.SyncPubSub.Default())
            .addFeature(Feature.AsynchronousHandlerInvocation.Default())
            .addFeature(Feature.AsynchronousMessageDispatch.Default())
            .addPublicationErrorHandler(new IPublicationErrorHandler.ConsoleLogger()));
    private int listeners;

    @Override
    public void subscribe(int index, Body body) {
        listeners++;
        add(index, body);
    }

    @Override
    public Object add(int index, Body body) {
        MBassadorListener listener = new MBassadorListener(Shapes.plain(index, body));
        bus.subscribe(listener);
        return listener;
    }

    @Override
    public void remove(Object added) {
        bus.unsubscribe(added);
    }

    @Override
    public void start() {}

    @Override
    public @Nullable Object publish(Payload payload) {
        bus.publish(payload);
        return null;
    }

    @Override
    public void publishAndWait(Payload payload) throws InterruptedException {
        Awaited awaited = new Awaited(payload, new CountDownLatch(listeners));
        bus.publishAsync(awaited);
        awaited.latch().await();
    }

    @Override
    public void close() {
        bus.shutdown();
    }

    /** A payload of which somebody waits for all listeners. */
    record Awaited(Payload payload, CountDownLatch latch) {}

    /** What MBassador calls by reflection. */
    @Listener(references = References.Strong)
    public static final class MBassadorListener {
        private final Consumer<Payload> listener;

        MBassadorListener(Consumer<Payload> listener) {
            this.listener = listener;
        }

        @Handler
        public void on(Payload payload) {
            listener.accept(payload);
        }

        @Handler
        public void on(Awaited awaited) {
            listener.accept(awaited.payload());
            awaited.latch().countDown();
        }
    }
}
