package dev.convoke.races;

import dev.convoke.Publication;
import dev.convoke.linearizability.Linearizable;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * P3: a delivery starts while its publication is cancelled, in every order of their steps.
 *
 * <p>What jcstress cannot hit: the two steps that matter lie nanoseconds apart, and between them the other thread must do all
 * of its own. There is nothing to order one after another, as nothing is returned; what must hold in the end is checked.
 */
public class CancelLincheckTest {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final OneEvent event = new OneEvent(tasks::add, new StoppedClock());
    private final CompletableFuture<Object> stage = new CompletableFuture<>();
    private final Publication<?> publication;
    private final Runnable delivery;
    private volatile boolean called;

    public CancelLincheckTest() {
        event.subscribe(arguments -> {
            called = true;
            return stage;
        });
        publication = event.publish();
        delivery = tasks.remove();
    }

    @Operation(runOnce = true)
    public void start() {
        delivery.run();
    }

    @Operation(runOnce = true)
    public void cancel() {
        publication.cancel();
    }

    @Validate
    public void noStageRunsOn() {
        if (publication.outcome().isDone() && called && !stage.isCancelled()) {
            throw new IllegalStateException("the delivery was cancelled, but its stage runs on");
        }
    }

    /** The same, one after another. */
    public static class Sequential {
        public void start() {}

        public void cancel() {}
    }

    @Test
    void every_schedule_keeps_the_promise() {
        Linearizable.checkPair(CancelLincheckTest.class, Sequential.class);
    }
}
