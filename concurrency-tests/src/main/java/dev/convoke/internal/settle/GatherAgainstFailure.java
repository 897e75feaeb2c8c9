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
import org.openjdk.jcstress.infra.results.Z_Result;

/** One of two deliveries fails while somebody asks for all values: the future fails without waiting for the other. */
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "failed early")
@Outcome(id = "false", expect = FORBIDDEN, desc = "waits for the other delivery")
@State
public class GatherAgainstFailure {
    private final Settlement settlement = Settlements.of(2);
    private @Nullable CompletableFuture<?> all;

    @Actor
    public void fail() {
        settlement.put(0, Settlements.failed(new IllegalStateException("the listener's")));
        settlement.arrive(0);
    }

    @Actor
    public void gather() {
        all = settlement.askAll();
    }

    @Arbiter
    public void look(Z_Result r) {
        r.r1 = all != null && all.isCompletedExceptionally();
    }
}
