package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Batch;
import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Vert.x's event bus with an address for each event; as it hands off, the publisher waits for every 128 events. */
final class VertxEvents implements Events {
    private static final int BATCH = 128;

    private final Vertx vertx = Vertx.vertx();
    private final EventBus bus = vertx.eventBus();
    private final Batch batch = new Batch();
    private final String[] addresses;
    private int published;

    VertxEvents(int events) {
        addresses = Names.of(events);
        bus.registerCodec(new SamePayload()).codecSelector(body -> SamePayload.NAME);
    }

    @Override
    public void subscribe(int event, int index, Body body) {
        Consumer<Payload> listener = Shapes.plain(index, body);
        bus.<Payload>localConsumer(addresses[event], message -> {
            listener.accept(message.body());
            batch.countDown();
        });
    }

    @Override
    public @Nullable Object publish(int event, Payload payload) {
        if (published == 0) {
            batch.start(BATCH);
        }
        bus.publish(addresses[event], payload);
        if (++published == BATCH) {
            published = 0;
            batch.await();
        }
        return null;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
