package dev.convoke.internal.resolve;

import dev.convoke.listener.ListenerOptions;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what was ever subscribed: all of it in one order, and the listeners of each name apart.
 *
 * <p>Thread-safe. A name is known while it has a listener.
 */
final class Sequence {
    /** How many listeners a name has, and how many it has had since it last had none. */
    private record Count(long now, long ever) {}

    private final AtomicLong last = new AtomicLong();

    /** By name and not in the rows: a name, a pattern and a payload type may be the same text, and ids differ still. */
    private final ConcurrentHashMap<String, Count> counts = new ConcurrentHashMap<>();

    /** The next place in the order. */
    long next() {
        return last.incrementAndGet();
    }

    /** The last place that was given. */
    long last() {
        return last.get();
    }

    /** Counts one more listener of this name, and returns its id. */
    String enter(String name, ListenerOptions options) {
        Count count = counts.merge(name, new Count(1, 1), (before, one) -> new Count(before.now + 1, before.ever + 1));
        return options.name().orElse(name + "#" + count.ever);
    }

    /** Counts one listener of this name less. */
    void leave(String name) {
        counts.computeIfPresent(name, (n, before) -> before.now == 1 ? null : new Count(before.now - 1, before.ever));
    }
}
