package dev.convoke.testing;

import dev.convoke.listener.AsyncListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** Listeners that say when they are called, and then do not return as one would like. */
public final class Listeners {
    private Listeners() {}

    /** What a listener returns, which says by that that it was called. */
    public static <T> CompletableFuture<T> called(CountDownLatch called, CompletableFuture<T> stage) {
        called.countDown();
        return stage;
    }

    /** Keeps its thread until it is released, and is not to be interrupted. */
    public static AsyncListener<Object> stubborn(CountDownLatch called, AtomicBoolean release) {
        return AsyncListener.blocking(payload -> {
            called.countDown();
            while (!release.get()) {
                Thread.onSpinWait();
            }
        });
    }

    /** Waits until it is released; fails where it is interrupted before that. */
    public static AsyncListener<Object> blocked(CountDownLatch called, CountDownLatch release) {
        return AsyncListener.blocking(payload -> {
            called.countDown();
            Waiting.on(release);
        });
    }

    /** Waits until it is interrupted, says so, and completes. */
    public static AsyncListener<Object> interruptible(CountDownLatch called, CountDownLatch interrupted) {
        return AsyncListener.blocking(payload -> {
            called.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
    }
}
