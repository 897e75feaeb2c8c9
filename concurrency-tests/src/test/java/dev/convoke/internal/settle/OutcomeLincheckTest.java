package dev.convoke.internal.settle;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.Outcome;
import dev.convoke.linearizability.Linearizable;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Slots, and the futures of the outcome: two deliveries, several results for each, and the walk. */
@Param(name = "delivery", gen = IntGen.class, conf = "0:1")
@Param(name = "value", gen = IntGen.class, conf = "1:3")
@Param(name = "thread", gen = ThreadIdGen.class)
public class OutcomeLincheckTest {
    private final Settlement settlement = Settlements.of(2);

    /** What each thread was given when it first asked; an element is confined to its thread. */
    private final List<@Nullable CompletableFuture<Outcome>> asked = Arrays.asList(null, null, null, null);

    @Operation
    public boolean put(@Param(name = "delivery") int delivery, @Param(name = "value") int value) {
        return settlement.put(delivery, Settlements.succeeded(value));
    }

    @Operation(runOnce = true)
    public void arriveFirst() {
        arrive(0);
    }

    @Operation(runOnce = true)
    public void arriveSecond() {
        arrive(1);
    }

    private void arrive(int delivery) {
        settlement.put(delivery, Settlements.succeeded(0));
        settlement.arrive(delivery);
    }

    @Operation(runOnce = true)
    public void walked() {
        settlement.walked();
    }

    @Operation
    public String ask(@Param(name = "thread") int thread) {
        CompletableFuture<Outcome> outcome = settlement.askOutcome();
        if (asked.get(thread) == null) {
            asked.set(thread, outcome);
        }
        return describe(outcome);
    }

    private static String describe(CompletableFuture<Outcome> outcome) {
        if (!outcome.isDone()) {
            return "open";
        }
        List<DeliveryResult> results = outcome.join().results();
        return value(results.get(0)) + " " + value(results.get(1));
    }

    private static String value(DeliveryResult result) {
        return String.valueOf(((Succeeded) result).value());
    }

    /** Whoever asked, and when: all have the same answer in the end. */
    @Validate
    public void allAreAnsweredAlike() {
        String now = describe(settlement.askOutcome());
        for (CompletableFuture<Outcome> earlier : asked) {
            if (earlier != null && !describe(earlier).equals(now)) {
                throw new IllegalStateException("asked earlier: " + describe(earlier) + ", asked now: " + now);
            }
        }
    }

    /** The same, one after another. */
    public static class Sequential {
        private final int[] values = {-1, -1};
        private int missing = 3;

        public boolean put(int delivery, int value) {
            boolean first = values[delivery] < 0;
            if (first) {
                values[delivery] = value;
            }
            return first;
        }

        public void arriveFirst() {
            put(0, 0);
            missing--;
        }

        public void arriveSecond() {
            put(1, 0);
            missing--;
        }

        public void walked() {
            missing--;
        }

        public String ask(int thread) {
            return missing == 0 ? values[0] + " " + values[1] : "open";
        }
    }

    @Test
    void every_schedule_could_have_been_sequential() {
        Linearizable.checkSchedules(OutcomeLincheckTest.class, Sequential.class);
    }

    @Test
    void every_run_could_have_been_sequential() {
        Linearizable.checkRuns(OutcomeLincheckTest.class, Sequential.class);
    }
}
