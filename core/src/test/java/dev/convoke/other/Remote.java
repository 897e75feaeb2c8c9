package dev.convoke.other;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.convoke.listener.OnEvent;
import java.util.concurrent.CompletionStage;

/** A superclass in another package, which is not to be seen from outside but for this class. */
@SuppressWarnings("UnusedMethod") // listeners are called by their annotation
public class Remote {
    @OnEvent("remote")
    private CompletionStage<String> hidden(String payload) {
        return completedFuture("private " + payload);
    }

    @OnEvent("remote")
    CompletionStage<String> own(String payload) {
        return completedFuture("package " + payload);
    }

    @OnEvent("remote")
    protected CompletionStage<String> shared(String payload) {
        return completedFuture("protected " + payload);
    }
}
