package dev.convoke.listener;

import org.jspecify.annotations.Nullable;

/**
 * Handles an event on the calling thread, may block, and has a value for its result.
 *
 * @param <E> the payload type
 */
@FunctionalInterface
public interface ComputingListener<E> {
    /**
     * Handles an event.
     *
     * @return the delivery's value
     * @throws Exception makes the delivery fail
     */
    @Nullable Object onEvent(E payload) throws Exception;
}
