package dev.convoke.journal.operations;

import dev.convoke.PublishOptions;
import dev.convoke.event.EventType;
import dev.convoke.event.Receipt;
import dev.convoke.journal.JournalOptions;
import java.io.IOException;
import java.sql.Connection;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The next version of {@link VersionOne}: orders have a currency and one channel more, shipments are dispatched, {@code invoice} is called
 * {@code billing}, {@code stock} is ordered, and {@code audit} is new.
 */
final class VersionTwo extends Program implements Publisher {
    private static final EventType<Placed> PLACED =
            EventType.of(Versions.PLACED, Placed.class).keyedBy(Placed::key);
    private static final EventType<Dispatched> DISPATCHED =
            EventType.of(Versions.DISPATCHED, Dispatched.class).keyedBy(Dispatched::key);

    private VersionTwo(String[] arguments) throws IOException {
        super(arguments);
    }

    public static void main(String[] arguments) throws Exception {
        new VersionTwo(arguments).work();
    }

    enum Channel {
        WEB,
        SHOP,
        APP
    }

    record Placed(String id, String key, Channel channel, String currency) {
        Placed {
            if (currency == null) {
                throw new IllegalArgumentException("an order must have a currency");
            }
        }
    }

    /** A weight is no longer told. */
    record Dispatched(String id, String key, Integer grams, String carrier) {}

    @Override
    JournalOptions options(JournalOptions basic) {
        return basic.version(Versions.PLACED, 2)
                .upcaster(Versions.PLACED, 1, VersionTwo::withCurrency)
                .renamedListener(Versions.BILLING_BEFORE, Versions.BILLING)
                .renamedEvent(Versions.SHIPPED, Versions.DISPATCHED);
    }

    private static JsonNode withCurrency(JsonNode order) {
        return ((ObjectNode) order).put("currency", "EUR");
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
                        handling.transactional(Versions.BILLING, 10),
                        Versions.durable(Versions.BILLING).ordered());
        coordinator()
                .subscribeToEvent(
                        PLACED,
                        handling.plain(Versions.STOCK, 20),
                        Versions.durable(Versions.STOCK).ordered());
        coordinator()
                .subscribeToEvent(
                        DISPATCHED,
                        handling.plain(Versions.COURIER, 20),
                        Versions.durable(Versions.COURIER).ordered());
        coordinator().subscribeToEvent(PLACED, handling.plain(Versions.AUDIT, 20), Versions.durable(Versions.AUDIT));
    }

    @Override
    Publisher publisher() {
        return this;
    }

    private static Placed placed(String id, String key) {
        Channel[] channels = Channel.values();
        return new Placed(id, key, channels[Math.floorMod(id.hashCode() >> 2, channels.length)], "SEK");
    }

    @Override
    public CompletableFuture<Receipt> publish(String id, String key) {
        PublishOptions options = PublishOptions.defaults().id(id);
        return Versions.isShipping(id)
                ? coordinator()
                        .publishEvent(DISPATCHED, new Dispatched(id, key, null, "post"), options)
                        .accepted()
                : coordinator().publishEvent(PLACED, placed(id, key), options).accepted();
    }

    @Override
    public void publishWithin(Connection connection, String id, String key) {
        PublishOptions options = PublishOptions.defaults().id(id);
        if (Versions.isShipping(id)) {
            journal().publishWithin(connection, DISPATCHED, new Dispatched(id, key, null, "post"), options);
        } else {
            journal().publishWithin(connection, PLACED, placed(id, key), options);
        }
    }
}
