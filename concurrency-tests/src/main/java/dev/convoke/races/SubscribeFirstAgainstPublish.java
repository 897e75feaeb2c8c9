package dev.convoke.races;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/** An event is published while its first listener subscribes. Results: had subscribed before the publishing, end. */
@JCStressTest
@Outcome(id = "true, Succeeded", expect = ACCEPTABLE, desc = "subscribed before")
@Outcome(id = "false, Succeeded", expect = ACCEPTABLE, desc = "at the same time, and seen")
@Outcome(id = "false, ", expect = ACCEPTABLE, desc = "at the same time, and waits for the next publication")
@Outcome(expect = FORBIDDEN, desc = "a subscribe that had returned is not seen")
@State
public class SubscribeFirstAgainstPublish {
    private final OneEvent event = new OneEvent();
    private volatile boolean subscribed;

    @Actor
    public void subscribe() {
        event.subscribe(arguments -> CompletableFuture.completedFuture(null));
        subscribed = true;
    }

    @Actor
    public void publish(ZL_Result r) {
        r.r1 = subscribed;
        r.r2 = event.endOf(event.publish());
    }
}
