package dev.convoke.journal.operations;

import dev.convoke.PublishOptions;
import dev.convoke.event.EventType;
import dev.convoke.event.Receipt;
import java.io.IOException;
import java.sql.Connection;
import java.util.concurrent.CompletableFuture;

/** A program that knows nothing of its next version, {@link VersionTwo}. */
final class VersionOne extends Program implements Publisher {
    private static final EventType<Placed> PLACED =
            EventType.of(Versions.PLACED, Placed.class).keyedBy(Placed::key);
    private static final EventType<Shipped> SHIPPED =
            EventType.of(Versions.SHIPPED, Shipped.class).keyedBy(Shipped::key);

    private VersionOne(String[] arguments) throws IOException {
        super(arguments);
    }

    public static void main(String[] arguments) throws Exception {
        new VersionOne(arguments).work();
    }

    enum Channel {
        WEB,
        SHOP
    }

    record Placed(String id, String key, Channel channel) {}

    /** Without a weight it is none. */
    record Shipped(String id, String key, int grams) {
        Shipped {
            if (grams <= 0) {
                throw new IllegalArgumentException("a shipment must weigh something: " + grams);
            }
        }
    }

    @Override
    void subscribe() {
        Handling handling = handling();
        coordinator()
                .subscribeToEvent(
                        PLACED,
                        handling.transactional(Versions.LEDGER, 10),
                        Versions.durable(Versions.LEDGER).ordered());
        coordinator()
                .subscribeToEvent(
                        PLACED,
                        handling.transactional(Versions.BILLING, 10), // in its log it has one name
                        Versions.durable(Versions.BILLING_BEFORE).ordered());
        coordinator().subscribeToEvent(PLACED, handling.plain(Versions.STOCK, 20), Versions.durable(Versions.STOCK));
        coordinator()
                .subscribeToEvent(
                        SHIPPED,
                        handling.plain(Versions.COURIER, 20),
                        Versions.durable(Versions.COURIER).ordered());
    }

    @Override
    Publisher publisher() {
        return this;
    }

    private static Placed placed(String id, String key) {
        return new Placed(id, key, Math.floorMod(id.hashCode() >> 2, 2) == 0 ? Channel.WEB : Channel.SHOP);
    }

    @Override
    public CompletableFuture<Receipt> publish(String id, String key) {
        PublishOptions options = PublishOptions.defaults().id(id);
        return Versions.isShipping(id)
                ? coordinator()
                        .publishEvent(SHIPPED, new Shipped(id, key, 1), options)
                        .accepted()
                : coordinator().publishEvent(PLACED, placed(id, key), options).accepted();
    }

    @Override
    public void publishWithin(Connection connection, String id, String key) {
        PublishOptions options = PublishOptions.defaults().id(id);
        if (Versions.isShipping(id)) {
            journal().publishWithin(connection, SHIPPED, new Shipped(id, key, 1), options);
        } else {
            journal().publishWithin(connection, PLACED, placed(id, key), options);
        }
    }
}
