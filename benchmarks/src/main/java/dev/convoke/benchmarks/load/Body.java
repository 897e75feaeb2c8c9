package dev.convoke.benchmarks.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What one listener does with an event.
 *
 * <p>A class and not an interface, as the compiler then knows that a JVM has loaded one subclass only and calls it
 * directly: the shapes around it are what differs from listener to listener.
 */
public abstract class Body {
    /** Shared by all that complete at once. */
    static final CompletionStage<?> DONE = CompletableFuture.completedFuture(null);

    /** Handles an event; buses that do not wait drop the stage. */
    public abstract CompletionStage<?> take(Payload payload);
}
