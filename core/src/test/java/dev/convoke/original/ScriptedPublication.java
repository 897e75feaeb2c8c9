package dev.convoke.original;

import dev.convoke.Publication;
import dev.convoke.event.EventArguments;
import dev.convoke.listener.EventContext;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A publication of a script; its listeners may know it before its publisher does.
 *
 * <p>Thread-safe.
 *
 * @param deliveries the listener's id → what the transcript calls the delivery
 */
record ScriptedPublication(
        Rest.OfPublication rest, Map<String, String> deliveries, CompletableFuture<Publication<EventArguments>> made) {
    Publication<EventArguments> publication() {
        return made.join();
    }

    /** What the transcript calls a delivery. */
    String delivery(EventContext context) {
        String key = context.idempotencyKey(); // source, event, listener
        return deliveries.get(key.substring(key.lastIndexOf('/') + 1));
    }

    /** As the original does: what has failed is over, and cancelling it no longer reaches those that go on. */
    void cancel() {
        if (rest.cancel()) {
            publication().cancel();
        }
    }
}
