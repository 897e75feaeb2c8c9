package dev.convoke.listener;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Makes work that blocks a listener: its stage has completed when it is returned.
 *
 * <p>Thread-safe: immutable.
 */
record BlockingAdapter<E>(Work<? super E> work) implements AsyncListener<E> {
    /** Work that blocks, with or without a value. */
    interface Work<E> {
        @Nullable Object run(E payload, EventContext context) throws Exception;
    }

    @Override
    public CompletionStage<?> onEvent(E payload) {
        throw new IllegalStateException("this listener needs a thread of its own: subscribe it");
    }

    @Override
    public CompletionStage<?> onEvent(E payload, EventContext context) throws Exception {
        Object value = work.run(payload, context);
        if (value instanceof CompletionStage<?>) {
            throw new IllegalStateException("a computing listener returned a stage, which nobody would await: "
                    + "subscribe it without AsyncListener.computing(…)");
        }
        return CompletableFuture.completedFuture(value);
    }

    @Override
    public boolean isBlocking() {
        return true;
    }
}
