package dev.convoke.internal.dispatch;

import dev.convoke.linearizability.Linearizable;
import dev.convoke.listener.Overflow;
import dev.convoke.races.StoppedClock;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/** Permits are taken and given back, with {@link Overflow#REJECT}: each thread gives back what it has, no more. */
@Param(name = "thread", gen = ThreadIdGen.class)
@Param(name = "permits", gen = IntGen.class, conf = "1:2")
public class InFlightLimitLincheckTest {
    private static final int MAX = 2;
    private static final int THREADS = 4;

    private final InFlightLimit limit =
            new InFlightLimit(MAX, Overflow.REJECT, new Deadlines(new StoppedClock(), "no-timer"));

    /** What each thread holds; an element is confined to its thread. */
    private final AtomicIntegerArray held = new AtomicIntegerArray(THREADS);

    @Operation
    public boolean acquire(@Param(name = "thread") int thread, @Param(name = "permits") int permits) {
        boolean admitted = limit.acquire(permits, 0);
        held.addAndGet(thread, admitted ? permits : 0);
        return admitted;
    }

    @Operation
    public void take(@Param(name = "thread") int thread) {
        limit.take(1);
        held.addAndGet(thread, 1);
    }

    @Operation
    public boolean release(@Param(name = "thread") int thread) {
        boolean holds = held.get(thread) > 0;
        if (holds) {
            held.addAndGet(thread, -1);
            limit.release(1);
        }
        return holds;
    }

    /** The same, one after another. */
    public static class Sequential {
        private final int[] held = new int[THREADS];
        private int inFlight;

        public boolean acquire(int thread, int permits) {
            boolean admitted = inFlight < MAX;
            if (admitted) {
                inFlight += permits;
                held[thread] += permits;
            }
            return admitted;
        }

        public void take(int thread) {
            inFlight++;
            held[thread]++;
        }

        public boolean release(int thread) {
            boolean holds = held[thread] > 0;
            if (holds) {
                inFlight--;
                held[thread]--;
            }
            return holds;
        }
    }

    @Test
    void every_schedule_could_have_been_sequential() {
        Linearizable.checkSchedules(InFlightLimitLincheckTest.class, Sequential.class);
    }

    @Test
    void every_run_could_have_been_sequential() {
        Linearizable.checkRuns(InFlightLimitLincheckTest.class, Sequential.class);
    }
}
