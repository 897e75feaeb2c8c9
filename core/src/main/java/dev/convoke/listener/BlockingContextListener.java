package dev.convoke.listener;

/**
 * Handles an event on the calling thread, may block, and knows its delivery.
 *
 * @param <E> the payload type
 */
@FunctionalInterface
public interface BlockingContextListener<E> {
    /**
     * Handles an event.
     *
     * @throws Exception makes the delivery fail
     */
    void onEvent(E payload, EventContext context) throws Exception;
}
