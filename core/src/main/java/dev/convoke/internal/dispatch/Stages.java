package dev.convoke.internal.dispatch;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What listeners return. Thread-safe: it has no state. */
final class Stages {
    /** Of a stage that has not completed, or failed, or does not say. */
    static final Object NO_VALUE = new Object();

    private Stages() {}

    /** What the stage has completed with, or {@link #NO_VALUE}. */
    static @Nullable Object valueOf(CompletionStage<?> returned) {
        // Others may refuse to be asked, as minimal stages do.
        if (returned.getClass() != CompletableFuture.class) {
            return NO_VALUE;
        }
        CompletableFuture<?> future = (CompletableFuture<?>) returned;
        try {
            return future.isDone() && !future.isCompletedExceptionally() ? future.join() : NO_VALUE;
        } catch (CompletionException | CancellationException obtruded) {
            return NO_VALUE; // it had completed, and then somebody made it fail
        }
    }

    /** Cancels a stage of a delivery that was stopped: user code. */
    static void cancel(CompletionStage<?> stage, Delivery stopped) {
        try {
            stage.toCompletableFuture().cancel(true);
        } catch (Throwable e) {
            Log.debug("the stage of " + stopped + " cannot be cancelled", e);
        }
    }
}
