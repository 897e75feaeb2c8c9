package dev.convoke.races;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.convoke.listener.Subscription;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * P5: a listener unsubscribes, and waits for what runs, while its delivery starts on an executor.
 *
 * <p>{@code close()} alone lets a delivery that is RUNNING make its first step a moment later; with
 * {@code closeAndDrain} nothing of the listener may follow. Results: called, called after the closing, end.
 */
@JCStressTest
@Outcome(id = "true, false, Succeeded", expect = ACCEPTABLE, desc = "ran, and was waited for")
@Outcome(id = "false, false, Skipped(UNSUBSCRIBED)", expect = ACCEPTABLE, desc = "did not start")
@Outcome(id = "false, false, ", expect = ACCEPTABLE, desc = "had left before the publishing")
@Outcome(expect = FORBIDDEN, desc = "called after the closing, or the outcome says something else than happened")
@State
public class UnsubscribeAgainstPublish {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

    private final OneEvent event = new OneEvent();
    private final Subscription subscription;
    private volatile boolean closed;
    private boolean called;
    private boolean calledAfter;

    public UnsubscribeAgainstPublish() {
        subscription = event.subscribe(arguments -> {
            calledAfter = closed;
            called = true;
            return CompletableFuture.completedFuture(null);
        });
    }

    @Actor
    public void unsubscribe() {
        subscription.closeAndDrain(LONG_ENOUGH);
        closed = true;
    }

    @Actor
    public void publish(ZZL_Result r) {
        r.r3 = event.endOf(event.publish());
        r.r1 = called;
        r.r2 = calledAfter;
    }
}
