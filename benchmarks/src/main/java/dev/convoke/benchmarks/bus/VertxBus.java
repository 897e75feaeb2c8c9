package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x's event bus within one process, handing on the payload itself. To be awaited, each listener has an address and
 * replies, as a request goes to one consumer only.
 */
final class VertxBus implements Bus, AwaitedBus {
    private static final String ADDRESS = "benchmark";

    private final Vertx vertx = Vertx.vertx();
    private final EventBus bus = vertx.eventBus();
    private final List<String> addresses = new ArrayList<>();

    VertxBus() {
        bus.registerCodec(new SamePayload()).codecSelector(body -> SamePayload.NAME);
    }

    @Override
    public void subscribe(int index, Body body) {
        Consumer<Payload> listener = Shapes.plain(index, body);
        bus.<Payload>localConsumer(ADDRESS, message -> listener.accept(message.body()));
        String address = ADDRESS + "-" + addresses.size();
        addresses.add(address);
        bus.<Payload>localConsumer(address, message -> {
            listener.accept(message.body());
            message.reply(message.body());
        });
    }

    @Override
    public void start() {}

    @Override
    public @Nullable Object publish(Payload payload) {
        bus.publish(ADDRESS, payload);
        return null;
    }

    @Override
    public void publishAndWait(Payload payload) {
        List<Future<Message<Payload>>> replies = new ArrayList<>(addresses.size());
        for (String address : addresses) {
            replies.add(bus.request(address, payload));
        }
        Future.all(replies).toCompletionStage().toCompletableFuture().join();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
