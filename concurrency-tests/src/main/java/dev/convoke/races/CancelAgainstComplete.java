package dev.convoke.races;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.convoke.Publication;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** A publication is cancelled while its listener's stage completes. Results: completed, cancelled, end. */
@JCStressTest
@Outcome(id = "true, false, Succeeded", expect = ACCEPTABLE, desc = "completed first")
@Outcome(
        id = "true, true, Cancelled",
        expect = ACCEPTABLE,
        desc = "cancelled first, and completed before its stage was")
@Outcome(id = "false, true, Cancelled", expect = ACCEPTABLE, desc = "cancelled first, with its stage")
@Outcome(expect = FORBIDDEN, desc = "cancel() and the outcome differ, it hangs, or its place is lost")
@State
public class CancelAgainstComplete {
    private final OneEvent event = new OneEvent();
    private final CompletableFuture<Object> stage = new CompletableFuture<>();
    private final Publication<?> publication;

    public CancelAgainstComplete() {
        event.subscribe(arguments -> stage);
        publication = event.publish();
    }

    @Actor
    public void complete(ZZL_Result r) {
        r.r1 = stage.complete("value");
    }

    @Actor
    public void cancel(ZZL_Result r) {
        r.r2 = publication.cancel();
    }

    @Arbiter
    public void look(ZZL_Result r) {
        r.r3 = event.endOf(publication);
    }
}
