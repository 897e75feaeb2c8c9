package dev.convoke.internal.dispatch;

import dev.convoke.event.Event;
import java.net.URI;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What publishers' threads had, for durable listeners of this process, as far as it cannot be written as text: each until the
 * deliveries that it was captured for have ended. The oldest makes way when there are too many.
 *
 * <p>Thread-safe. Nothing of a user's is called with the lock held.
 */
final class Contexts {
    /** How many publications are remembered; some kilobytes each would still be some megabytes. */
    static final int CAPACITY = 4_096;

    private final ReentrantLock lock = new ReentrantLock();

    /** Oldest first; guarded by the lock. */
    private final Map<Identity, Kept> kept = new LinkedHashMap<>();

    /** Which event: equal for the one that was published and the one that the journal gives back. */
    private record Identity(URI source, String id) {
        static Identity of(Event<?> event) {
            return new Identity(event.source(), event.id());
        }
    }

    /** What one publisher had, and the listeners that have not ended; guarded by the lock. */
    private record Kept(Carried carried, Set<String> listeners) {}

    /** Remembers what the publisher of the event had, unless the same event was published before and is still remembered. */
    void keep(Event<?> event, Carried carried, Set<String> listeners) {
        lock.lock();
        try {
            kept.putIfAbsent(Identity.of(event), new Kept(carried, listeners));
            if (kept.size() > CAPACITY) {
                Iterator<Kept> oldest = kept.values().iterator();
                oldest.next();
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What the event's publisher had, if that was in this process and is still remembered. */
    @Nullable Carried of(Event<?> event) {
        lock.lock();
        try {
            Kept known = kept.get(Identity.of(event));
            return known == null ? null : known.carried();
        } finally {
            lock.unlock();
        }
    }

    /** A delivery of the event has ended. */
    void ended(Event<?> event, String listener) {
        lock.lock();
        try {
            Identity identity = Identity.of(event);
            Kept known = kept.get(identity);
            if (known != null
                    && known.listeners().remove(listener)
                    && known.listeners().isEmpty()) {
                kept.remove(identity);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The journal does not have the event: forgets what was remembered for it. */
    @SuppressWarnings("ReferenceEquality") // another publication of the same event may have had its own
    void forget(Event<?> event, Carried carried) {
        lock.lock();
        try {
            Kept known = kept.get(Identity.of(event));
            if (known != null && known.carried() == carried) {
                kept.remove(Identity.of(event));
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many publications are remembered. */
    int size() {
        lock.lock();
        try {
            return kept.size();
        } finally {
            lock.unlock();
        }
    }
}
