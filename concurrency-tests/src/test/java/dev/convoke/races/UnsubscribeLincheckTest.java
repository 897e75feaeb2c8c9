package dev.convoke.races;

import dev.convoke.linearizability.Linearizable;
import dev.convoke.listener.Subscription;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * P5: a delivery starts while its listener unsubscribes, in every order of their steps.
 *
 * <p>What jcstress cannot hit: the two steps that matter lie nanoseconds apart, and between them the other thread must do all
 * of its own. There is nothing to order one after another, as nothing is returned; what must hold in the end is checked.
 */
public class UnsubscribeLincheckTest {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final OneEvent event = new OneEvent(tasks::add, new StoppedClock());
    private final Subscription subscription;
    private final Runnable delivery;
    private volatile boolean drained;
    private volatile boolean calledAfter;

    public UnsubscribeLincheckTest() {
        subscription = event.subscribe(arguments -> {
            calledAfter = drained;
            return CompletableFuture.completedFuture(null);
        });
        event.publish();
        delivery = tasks.remove();
    }

    @Operation(runOnce = true)
    public void start() {
        delivery.run();
    }

    /** Without waiting: it says whether something was running. */
    @Operation(runOnce = true)
    public void unsubscribe() {
        drained = subscription.closeAndDrain(Duration.ZERO);
    }

    @Validate
    public void nothingStartsAfter() {
        if (calledAfter) {
            throw new IllegalStateException(
                    "the listener was called after its unsubscribing had found nothing running");
        }
    }

    /** The same, one after another. */
    public static class Sequential {
        public void start() {}

        public void unsubscribe() {}
    }

    @Test
    void every_schedule_keeps_the_promise() {
        Linearizable.checkPair(UnsubscribeLincheckTest.class, Sequential.class);
    }
}
