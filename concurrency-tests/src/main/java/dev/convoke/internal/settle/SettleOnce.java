package dev.convoke.internal.settle;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.convoke.event.DeliveryResult;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** Two completions of one slot: one of them wins, and its result is the one that counts. */
@JCStressTest
@Outcome(id = "true, false, one", expect = ACCEPTABLE, desc = "the first won")
@Outcome(id = "false, true, other", expect = ACCEPTABLE, desc = "the second won")
@Outcome(expect = FORBIDDEN, desc = "both won, or none, or the loser's result counts")
@State
public class SettleOnce {
    private final Settlement settlement = Settlements.of(1);

    @Actor
    public void one(ZZL_Result r) {
        r.r1 = settle("one");
    }

    @Actor
    public void other(ZZL_Result r) {
        r.r2 = settle("other");
    }

    private boolean settle(String value) {
        boolean won = settlement.put(0, Settlements.succeeded(value));
        if (won) {
            settlement.arrive(0);
        }
        return won;
    }

    @Arbiter
    public void outcome(ZZL_Result r) {
        settlement.walked();
        DeliveryResult result = settlement.askOutcome().join().results().get(0);
        r.r3 = ((DeliveryResult.Succeeded) result).value();
    }
}
