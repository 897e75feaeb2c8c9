package dev.convoke.journal.operations;

import dev.convoke.listener.ListenerOptions;
import java.util.List;
import java.util.function.Predicate;

/** What the two versions of a program have in common. */
final class Versions {
    static final String LEDGER = "ledger";
    static final String STOCK = "stock";
    static final String COURIER = "courier";
    static final String BILLING = "billing";

    /** As {@link #BILLING} is called in version 1. */
    static final String BILLING_BEFORE = "invoice";

    /** In version 2 alone. */
    static final String AUDIT = "audit";

    static final String PLACED = "order.placed";

    /** As it is called in version 2. */
    static final String DISPATCHED = "order.dispatched";

    /** As it is called in version 1. */
    static final String SHIPPED = "order.shipped";

    private Versions() {}

    /** What has to become of events, of which some were published when version 2 and its new listener had been there. */
    static List<Expectation> expectations(long newListenerIsThere) {
        Predicate<History.Publication> isShipping = publication -> isShipping(publication.event());
        Predicate<History.Publication> isPlacing = isShipping.negate();
        return List.of(
                Expectation.of(LEDGER).ordered().transactional().wants(isPlacing),
                Expectation.of(BILLING).ordered().transactional().wants(isPlacing),
                Expectation.of(STOCK).wants(isPlacing), // ordered in version 2 alone
                Expectation.of(COURIER).ordered().wants(isShipping),
                Expectation.of(AUDIT).wants(isPlacing.and(publication -> publication.begun() > newListenerIsThere)));
    }

    /** Whether the event with this id is of a shipment; else it is of an order. */
    static boolean isShipping(String id) {
        return Math.floorMod(id.hashCode(), 3) == 0;
    }

    static ListenerOptions durable(String name) {
        return ListenerOptions.named(name).durable().retry(PodMain.retry(1_000));
    }
}
