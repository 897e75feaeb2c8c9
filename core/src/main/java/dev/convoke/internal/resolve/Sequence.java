package dev.convoke.internal.resolve;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what was ever subscribed, all of it in one order.
 *
 * <p>Thread-safe.
 */
final class Sequence {
    private final AtomicLong last = new AtomicLong();

    /** The next place in the order. */
    long next() {
        return last.incrementAndGet();
    }

    /** The last place that was given. */
    long last() {
        return last.get();
    }
}
