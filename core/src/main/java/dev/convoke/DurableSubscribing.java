package dev.convoke;

import dev.convoke.event.EventType;
import dev.convoke.internal.dispatch.JournaledListener;
import dev.convoke.internal.dispatch.Journaling;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.Subscription;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Subscribes durable listeners: at the journal first, and for publications once the journal has committed that. So no
 * publication says of a listener that it was accepted which the journal does not have.
 *
 * <p>Thread-safe.
 */
final class DurableSubscribing {
    private final Journaling journaling;
    private final Lifecycle lifecycle;

    /** Under which the journal keeps deliveries, so that each may be there once. */
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    DurableSubscribing(Journaling journaling, Lifecycle lifecycle) {
        this.journaling = journaling;
        this.lifecycle = lifecycle;
    }

    /**
     * Subscribes a listener that the registry keeps a place for.
     *
     * @param type null where it is subscribed to a pattern
     */
    Subscription subscribe(Registration registration, AsyncListener<?> listener, @Nullable EventType<?> type) {
        String name = registration.listenerId();
        if (!names.add(name)) {
            registration.close();
            throw new IllegalArgumentException(
                    "there is a durable listener " + name + " already: its deliveries are kept under that name");
        }
        JournaledListener entering = new JournaledListener(journaling, registration, listener, type);
        try {
            journaling.journal().subscribe(entering);
        } catch (RuntimeException | Error e) {
            registration.close();
            names.remove(name);
            throw e;
        }
        return entered(entering);
    }

    private Subscription entered(JournaledListener listener) {
        if (!lifecycle.isOpen()) {
            leave(listener);
            throw new IllegalStateException("the coordinator was closed before listener " + listener.id() + " of "
                    + listener.subscribedTo() + " was subscribed");
        }
        listener.registration().enter();
        return new DurableSubscription(listener, journaling.dispatcher(), this);
    }

    /** Publications do not find the listener any more, and then the journal makes no more deliveries to it here. */
    void leave(JournaledListener listener) {
        if (listener.registration().close()) {
            try {
                journaling.journal().leave(listener);
            } finally {
                names.remove(listener.id());
            }
        }
    }
}
