package dev.convoke.listener;

import java.util.concurrent.CompletionStage;

/**
 * Handles an event asynchronously, knowing its delivery.
 *
 * @param <E> the payload type
 */
@FunctionalInterface
public interface ContextListener<E> {
    /**
     * Handles an event.
     *
     * @return completes when the event is handled; its value is the delivery's result
     * @throws Exception makes the delivery fail, as a failed stage does
     */
    CompletionStage<?> onEvent(E payload, EventContext context) throws Exception;
}
