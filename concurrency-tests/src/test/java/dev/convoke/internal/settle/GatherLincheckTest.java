package dev.convoke.internal.settle;

import dev.convoke.linearizability.Linearizable;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The futures of all values, which fail with the first failure in time: of two deliveries the first succeeds or fails, and the second
 * fails.
 *
 * <p>Apart from the outcome's on purpose: a failure shows in one of them earlier than in the other.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class GatherLincheckTest {
    private final Settlement settlement = Settlements.of(2);

    /** What each thread was given when it first asked; an element is confined to its thread. */
    private final List<@Nullable CompletableFuture<?>> asked = Arrays.asList(null, null, null, null);

    @Operation(runOnce = true, nonParallelGroup = "first")
    public boolean firstSucceeds() {
        boolean won = settlement.put(0, Settlements.succeeded("one"));
        arriveIf(won, 0);
        return won;
    }

    @Operation(runOnce = true, nonParallelGroup = "first")
    public boolean firstFails() {
        boolean won = settlement.put(0, Settlements.failed(new IllegalStateException("one")));
        arriveIf(won, 0);
        return won;
    }

    @Operation(runOnce = true)
    public void secondFails() {
        arriveIf(settlement.put(1, Settlements.failed(new IllegalStateException("two"))), 1);
    }

    private void arriveIf(boolean won, int delivery) {
        if (won) {
            settlement.arrive(delivery);
        }
    }

    @Operation(runOnce = true)
    public void walked() {
        settlement.walked();
    }

    @Operation
    public String ask(@Param(name = "thread") int thread) {
        CompletableFuture<?> all = settlement.askAll();
        if (asked.get(thread) == null) {
            asked.set(thread, all);
        }
        return describe(all);
    }

    private static String describe(CompletableFuture<?> future) {
        if (!future.isDone()) {
            return "open";
        }
        try {
            return String.valueOf(future.join());
        } catch (CompletionException e) {
            return String.valueOf(e.getCause().getMessage());
        }
    }

    /** Whoever asked, and when: all have the same answer in the end. */
    @Validate
    public void allAreAnsweredAlike() {
        String now = describe(settlement.askAll());
        for (CompletableFuture<?> earlier : asked) {
            if (earlier != null && !describe(earlier).equals(now)) {
                throw new IllegalStateException("asked earlier: " + describe(earlier) + ", asked now: " + now);
            }
        }
    }

    /** The same, one after another. */
    public static class Sequential {
        private boolean firstHasEnded;
        private String failure = "open";

        public boolean firstSucceeds() {
            boolean won = !firstHasEnded;
            firstHasEnded = true;
            return won;
        }

        public boolean firstFails() {
            boolean won = firstSucceeds();
            if (won) {
                fail("one");
            }
            return won;
        }

        public void secondFails() {
            fail("two");
        }

        private void fail(String with) {
            failure = failure.equals("open") ? with : failure;
        }

        public void walked() {}

        public String ask(int thread) {
            return failure;
        }
    }

    @Test
    void every_schedule_could_have_been_sequential() {
        Linearizable.checkSchedules(GatherLincheckTest.class, Sequential.class);
    }

    @Test
    void every_run_could_have_been_sequential() {
        Linearizable.checkRuns(GatherLincheckTest.class, Sequential.class);
    }
}
