package dev.convoke.spi;

/**
 * Carries something that a thread has, a trace or a locale say, from the publisher to every listener.
 *
 * <p>{@link #capture} is called on the publisher's thread; what it returns is restored on the thread of each listener, at
 * each attempt, and removed when the listener has returned. Where one of the three throws, the delivery fails, but for
 * {@link Scope#close}, whose exception is logged.
 */
@FunctionalInterface
public interface ContextCarrier {
    /** Takes what this thread has, to be restored on others any number of times, concurrently. */
    Captured capture();

    /** What one publisher had. Thread-safe. */
    @FunctionalInterface
    interface Captured {
        /** Gives it to this thread until the scope is closed, on the same thread. */
        Scope restore();
    }

    /** The time in which a thread has what a publisher had; closing it gives back what the thread had before. */
    @FunctionalInterface
    interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}
