package dev.convoke.listener;

import java.util.concurrent.CompletionStage;

/**
 * An asynchronous listener that wants its delivery's context.
 *
 * <p>Thread-safe: immutable.
 */
record ContextAdapter<E>(ContextListener<? super E> listener) implements AsyncListener<E> {
    @Override
    public CompletionStage<?> onEvent(E payload) {
        throw new IllegalStateException("this listener needs the context of a delivery: subscribe it");
    }

    @Override
    public CompletionStage<?> onEvent(E payload, EventContext context) throws Exception {
        return listener.onEvent(payload, context);
    }
}
