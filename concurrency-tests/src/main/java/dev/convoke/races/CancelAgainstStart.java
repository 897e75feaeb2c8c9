package dev.convoke.races;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.convoke.Publication;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * A publication is cancelled while its delivery starts. Its listener returns a stage that never completes by itself.
 * Results: listener was called, its stage is cancelled, end.
 */
@JCStressTest
@Outcome(id = "false, false, Cancelled", expect = ACCEPTABLE, desc = "cancelled before it started")
@Outcome(id = "true, true, Cancelled", expect = ACCEPTABLE, desc = "cancelled while it ran, with its stage")
@Outcome(expect = FORBIDDEN, desc = "its stage runs on, it hangs, or its place is lost")
@State
public class CancelAgainstStart {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final OneEvent event = new OneEvent(tasks::add, new StoppedClock());
    private final CompletableFuture<Object> stage = new CompletableFuture<>();
    private final Publication<?> publication;
    private final Runnable delivery;
    private volatile boolean called;

    public CancelAgainstStart() {
        event.subscribe(arguments -> {
            called = true;
            return stage;
        });
        publication = event.publish();
        delivery = tasks.remove();
    }

    @Actor
    public void start() {
        delivery.run();
    }

    @Actor
    public void cancel() {
        publication.cancel();
    }

    @Arbiter
    public void look(ZZL_Result r) {
        r.r1 = called;
        r.r2 = stage.isCancelled();
        r.r3 = event.endOf(publication);
    }
}
