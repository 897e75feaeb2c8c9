package dev.convoke.internal.settle;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Somebody asks twice while the last delivery settles: both questions are answered. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both futures are complete")
@Outcome(expect = FORBIDDEN, desc = "a future that nobody will complete")
@State
public class AskAgainstSettle {
    private final Settlement settlement = Settlements.of(1);
    private @Nullable CompletableFuture<?> one;
    private @Nullable CompletableFuture<?> other;

    @Actor
    public void settle() {
        settlement.put(0, Settlements.succeeded("value"));
        settlement.arrive(0);
        settlement.walked();
    }

    @Actor
    public void ask() {
        one = settlement.askOutcome();
        other = settlement.askFirst();
    }

    @Arbiter
    public void look(ZZ_Result r) {
        r.r1 = one != null && one.isDone();
        r.r2 = other != null && other.isDone();
    }
}
