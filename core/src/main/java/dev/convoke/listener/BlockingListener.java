package dev.convoke.listener;

/**
 * Handles an event on the calling thread and may block.
 *
 * @param <E> the payload type
 */
@FunctionalInterface
public interface BlockingListener<E> {
    /**
     * Handles an event.
     *
     * @throws Exception makes the delivery fail
     */
    void onEvent(E payload) throws Exception;
}
