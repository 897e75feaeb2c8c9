package dev.convoke.races;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.convoke.Publication;
import dev.convoke.listener.ListenerOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/** A delivery's time-out comes while its stage completes. Results: completed, end. */
@JCStressTest
@Outcome(id = "true, Succeeded", expect = ACCEPTABLE, desc = "completed first")
@Outcome(
        id = "true, TimedOut",
        expect = ACCEPTABLE,
        desc = "timed out first, and completed before its stage was cancelled")
@Outcome(id = "false, TimedOut", expect = ACCEPTABLE, desc = "timed out first, with its stage")
@Outcome(expect = FORBIDDEN, desc = "the cancelled stage counts, it hangs, or its place is lost")
@State
public class TimeoutAgainstComplete {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final HandMovedClock clock = new HandMovedClock();
    private final OneEvent event = new OneEvent(Runnable::run, clock);
    private final CompletableFuture<Object> stage = new CompletableFuture<>();
    private final Publication<?> publication;

    public TimeoutAgainstComplete() {
        event.subscribe(arguments -> stage, ListenerOptions.defaults().timeout(TIMEOUT));
        publication = event.publish();
    }

    @Actor
    public void timeOut() {
        clock.advance(TIMEOUT);
    }

    @Actor
    public void complete(ZL_Result r) {
        clock.awaitLook(); // time-outs run on a thread of the coordinator's, which has yet to get there
        r.r1 = stage.complete("value");
    }

    @Arbiter
    public void look(ZL_Result r) {
        r.r2 = event.endOf(publication);
        event.coordinator().close(); // and its thread
    }
}
