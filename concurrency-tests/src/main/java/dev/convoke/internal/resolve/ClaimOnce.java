package dev.convoke.internal.resolve;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.convoke.listener.ListenerOptions;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** Two deliveries claim a listener that runs once: one may run, and no publication finds it after that. */
@JCStressTest
@Outcome(
        id = {"true, false, ", "false, true, "},
        expect = ACCEPTABLE,
        desc = "one may run")
@Outcome(expect = FORBIDDEN, desc = "both may, or none, or it can still be found")
@State
public class ClaimOnce {
    private final ListenerRegistry registry = new ListenerRegistry();
    private final Registration registration =
            Registrations.append(registry, ListenerOptions.defaults().once());

    @Actor
    public void one(ZZL_Result r) {
        r.r1 = registration.claim();
    }

    @Actor
    public void other(ZZL_Result r) {
        r.r2 = registration.claim();
    }

    @Arbiter
    public void look(ZZL_Result r) {
        r.r3 = Registrations.found(registry);
    }
}
