package dev.convoke.journal.internal;

import dev.convoke.journal.internal.ListenerTable.Subscribed;
import dev.convoke.spi.DurableListener;
import java.util.List;

/**
 * A durable listener that this process has.
 *
 * <p>Thread-safe: immutable.
 *
 * @param id what its deliveries were kept under when it was entered
 */
record Local(DurableListener listener, String id, Subscribed subscribed) {
    /** Whether it holds a connection while it runs. */
    boolean isTransactional() {
        return listener.listener() instanceof Transactional;
    }

    String name() {
        return listener.id();
    }

    /** Whether it was subscribed to events of this name, as they are called here. */
    boolean isFor(String eventName, Catalog catalog) {
        return listener.type() == null
                ? Pattern.matches(listener.subscribedTo(), eventName)
                        || Pattern.matches(listener.subscribedTo(), catalog.nowOf(eventName))
                : catalog.isCalled(eventName, listener.subscribedTo());
    }

    Local under(String idNow) {
        return new Local(listener, idNow, subscribed);
    }

    /** The id that its deliveries are kept under: where its name leads by now, as others may have renamed it, or undone that. */
    String id(Catalog catalog) {
        String now = catalog.idOf(name());
        return now == null ? catalog.successorOf(id) : now;
    }

    /** That, and the ids of listeners that it goes on with. */
    List<String> ids(Catalog catalog) {
        return catalog.idsOf(id(catalog));
    }
}
