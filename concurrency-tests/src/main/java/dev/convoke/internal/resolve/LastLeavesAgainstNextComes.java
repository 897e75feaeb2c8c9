package dev.convoke.internal.resolve;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.convoke.listener.ListenerOptions;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The last listener of an event leaves while another one comes: the name is released, and the newcomer is found. */
@JCStressTest
@Outcome(id = "next", expect = ACCEPTABLE, desc = "the newcomer alone")
@Outcome(
        expect = FORBIDDEN,
        desc = "the newcomer sits in a topic that nobody looks at, or the other one is still there")
@State
public class LastLeavesAgainstNextComes {
    private final ListenerRegistry registry = new ListenerRegistry();
    private final Registration last = Registrations.append(registry, ListenerOptions.named("last"));

    @Actor
    public void leave() {
        last.close();
    }

    @Actor
    public void come() {
        Registrations.append(registry, ListenerOptions.named("next"));
    }

    @Arbiter
    public void look(L_Result r) {
        r.r1 = Registrations.found(registry);
    }
}
