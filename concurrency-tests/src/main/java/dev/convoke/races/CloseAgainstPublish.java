package dev.convoke.races;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.convoke.Publication;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/** The coordinator is closed while an event is published. Results: called, outcome. */
@JCStressTest
@Outcome(id = "true, Succeeded", expect = ACCEPTABLE, desc = "published before")
@Outcome(id = "false, CLOSED", expect = ACCEPTABLE, desc = "refused")
@Outcome(expect = FORBIDDEN, desc = "lost, cancelled in spite of the time there was, or it hangs")
@State
public class CloseAgainstPublish {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

    private final OneEvent event = new OneEvent();
    private volatile boolean called;
    private @Nullable Publication<?> publication;

    public CloseAgainstPublish() {
        event.subscribe(arguments -> {
            called = true;
            return CompletableFuture.completedFuture(null);
        });
    }

    @Actor
    public void close() {
        event.coordinator().close(LONG_ENOUGH);
    }

    @Actor
    public void publish() {
        publication = event.publish();
    }

    @Arbiter
    public void look(ZL_Result r) {
        r.r1 = called;
        r.r2 = publication == null ? "threw" : OneEvent.outcomeOf(publication);
    }
}
