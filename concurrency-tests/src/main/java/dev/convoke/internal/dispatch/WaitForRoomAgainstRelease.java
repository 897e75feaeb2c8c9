package dev.convoke.internal.dispatch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.convoke.listener.Overflow;
import dev.convoke.spi.Ticker;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A publisher waits for the one place while its holder leaves: it gets the place, and nobody gets it twice. */
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "admitted, and full again")
@Outcome(expect = FORBIDDEN, desc = "the wake-up was lost, or there is room for two")
@State
public class WaitForRoomAgainstRelease {
    private static final long LONG_ENOUGH = Duration.ofSeconds(2).toNanos();

    /** In real time, so that a lost wake-up is a result, not a hang; one timer for all states. */
    private static final Deadlines DEADLINES = new Deadlines(Ticker.system(), "wait-for-room-timer");

    private final InFlightLimit limit = new InFlightLimit(1, Overflow.WAIT, DEADLINES);

    public WaitForRoomAgainstRelease() {
        limit.take(1);
    }

    @Actor
    public void waitForRoom(ZZ_Result r) {
        r.r1 = limit.acquire(1, DEADLINES.now() + LONG_ENOUGH);
    }

    @Actor
    public void release() {
        limit.release(1);
    }

    @Arbiter
    public void look(ZZ_Result r) {
        r.r2 = limit.acquire(1, DEADLINES.now());
    }
}
