package dev.convoke.listener;

import java.time.Duration;

/**
 * One registration of a listener.
 *
 * <p>Thread-safe. Not for implementation by users.
 */
public interface Subscription extends AutoCloseable {
    /** The listener's id: its name, or {@code <event>#<n>}. */
    String listenerId();

    /**
     * Ends the registration: when this has returned, no delivery of the listener starts any more. Those that have not
     * started are skipped, those that are running go on. Closing twice is harmless.
     */
    @Override
    void close();

    /**
     * Closes, and waits until no delivery of the listener is running. Called on the thread that calls the
     * listener, or inside a publication made there, it does not wait for itself or for those around it.
     *
     * @return whether all of them ended in time
     * @throws IllegalArgumentException if the time-out is negative
     */
    boolean closeAndDrain(Duration timeout);

    /**
     * Skips what is published from now on, until {@link #resume}. Deliveries that have not started are skipped, one that
     * waits for another attempt fails with its last cause; those that are running go on. What is for a
     * {@linkplain ListenerOptions#durable() durable} listener is kept, and made after. Pausing twice is harmless.
     */
    void pause();

    /** Ends a pause; harmless where there is none. */
    void resume();
}
