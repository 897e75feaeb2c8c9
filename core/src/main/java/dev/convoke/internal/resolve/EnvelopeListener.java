package dev.convoke.internal.resolve;

import dev.convoke.event.Event;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.EventContext;
import java.util.concurrent.CompletionStage;

/**
 * A listener that takes any payload, and hands its own listener the event that it came in.
 *
 * <p>Thread-safe: immutable.
 */
record EnvelopeListener(AsyncListener<? super Event<?>> listener) implements AsyncListener<Object> {
    @Override
    public CompletionStage<?> onEvent(Object payload) {
        throw new IllegalStateException("this listener needs the context of a delivery: subscribe it");
    }

    @Override
    public CompletionStage<?> onEvent(Object payload, EventContext context) throws Exception {
        return listener.onEvent(context.event(), context);
    }

    @Override
    public boolean isBlocking() {
        return listener.isBlocking();
    }
}
