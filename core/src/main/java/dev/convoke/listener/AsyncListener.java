package dev.convoke.listener;

import dev.convoke.internal.check.Check;
import java.util.concurrent.CompletionStage;

/**
 * Handles an event asynchronously: returns at once, with a stage that completes when the work is done.
 *
 * <p>Called concurrently, on any thread. A stage that is returned is cancelled when its delivery is cancelled or timed
 * out: one that is shared with others is returned as a copy.
 *
 * <p>Work that blocks is declared so: {@link #blocking} and {@link #computing}.
 *
 * @param <E> the payload type
 */
@FunctionalInterface
public interface AsyncListener<E> {
    /**
     * Handles an event.
     *
     * @return completes when the event is handled; its value is the delivery's result
     * @throws Exception makes the delivery fail, as a failed stage does
     */
    CompletionStage<?> onEvent(E payload) throws Exception;

    /**
     * Handles an event; this is what the coordinator calls. It is to be overridden where the context matters, which
     * {@link #withContext} does.
     *
     * @param context the delivery's, also after the stage has completed
     * @throws Exception makes the delivery fail, as a failed stage does
     */
    default CompletionStage<?> onEvent(E payload, EventContext context) throws Exception {
        return onEvent(payload);
    }

    /**
     * Whether the work is done when the method returns, so that it keeps its thread busy meanwhile. Such a listener
     * cannot be {@linkplain ListenerOptions#inline() inline}.
     */
    default boolean isBlocking() {
        return false;
    }

    /** A listener that blocks, on a thread of its own; it is interrupted when it is cancelled or timed out. */
    static <E> AsyncListener<E> blocking(BlockingListener<? super E> listener) {
        Check.present("listener", listener);
        return new BlockingAdapter<>((payload, context) -> {
            listener.onEvent(payload);
            return null;
        });
    }

    /**
     * A listener that blocks, as {@link #blocking}, and has a value for its result.
     *
     * <p>A stage for a value fails the delivery: such a listener is asynchronous, and nobody would await its stage.
     */
    static <E> AsyncListener<E> computing(ComputingListener<? super E> listener) {
        Check.present("listener", listener);
        return new BlockingAdapter<>((payload, context) -> listener.onEvent(payload));
    }

    /** An asynchronous listener that wants to know its delivery's context. */
    static <E> AsyncListener<E> withContext(ContextListener<? super E> listener) {
        Check.present("listener", listener);
        return new ContextAdapter<>(listener);
    }

    /** A listener that blocks, as {@link #blocking}, and wants to know its delivery's context. */
    static <E> AsyncListener<E> blockingWithContext(BlockingContextListener<? super E> listener) {
        Check.present("listener", listener);
        return new BlockingAdapter<>((payload, context) -> {
            listener.onEvent(payload, context);
            return null;
        });
    }
}
