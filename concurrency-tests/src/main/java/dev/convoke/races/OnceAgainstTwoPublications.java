package dev.convoke.races;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.convoke.Publication;
import dev.convoke.listener.ListenerOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ILL_Result;

/** P15: two publications race for a listener that runs once, inline. Results: calls, the two outcomes. */
@JCStressTest
@Outcome(
        id = {"1, Succeeded, Skipped(UNSUBSCRIBED)", "1, Skipped(UNSUBSCRIBED), Succeeded"},
        expect = ACCEPTABLE,
        desc = "both found it, and one ran it")
@Outcome(
        id = {"1, Succeeded, ", "1, , Succeeded"},
        expect = ACCEPTABLE,
        desc = "it had left before the other publication began")
@Outcome(expect = FORBIDDEN, desc = "it ran twice, or not at all")
@State
public class OnceAgainstTwoPublications {
    private final OneEvent event = new OneEvent();
    private final AtomicInteger calls = new AtomicInteger();
    private @Nullable Publication<?> one;
    private @Nullable Publication<?> other;

    public OnceAgainstTwoPublications() {
        event.subscribe(
                arguments -> {
                    calls.incrementAndGet();
                    return CompletableFuture.completedFuture(null);
                },
                ListenerOptions.defaults().once().inline());
    }

    @Actor
    public void publishOne() {
        one = event.publish();
    }

    @Actor
    public void publishOther() {
        other = event.publish();
    }

    @Arbiter
    public void look(ILL_Result r) {
        r.r1 = calls.get();
        r.r2 = one == null ? "threw" : OneEvent.outcomeOf(one);
        r.r3 = other == null ? "threw" : OneEvent.outcomeOf(other);
    }
}
