package dev.convoke.internal.resolve;

import dev.convoke.listener.AsyncListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Stands where a listener was in a roster whose moment is over, so that who is in the middle of calling them notices.
 *
 * <p>Thread-safe: immutable.
 */
public final class Expired implements AsyncListener<Object> {
    /** What it returns, and no listener does. */
    public static final CompletionStage<?> STAGE = new CompletableFuture<>().minimalCompletionStage();

    static final Expired LISTENER = new Expired();

    private Expired() {}

    @Override
    public CompletionStage<?> onEvent(Object payload) {
        return STAGE;
    }
}
