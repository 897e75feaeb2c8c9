package dev.convoke.internal.dispatch;

import dev.convoke.event.DrainReport;
import dev.convoke.internal.check.Check;
import dev.convoke.internal.resolve.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Waits for deliveries to end, but not for those around the thread that asks: inside a listener that would be itself.
 *
 * <p>Confined to one thread. It waits in real time.
 */
final class Drain {
    /** How long a cancelled delivery has to notice; what blocks notices its interrupt in microseconds. */
    private static final Duration GRACE = Duration.ofMillis(250);

    private final Dispatcher dispatcher;
    private final Set<Invocation> around = Around.here().all();

    Drain(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    boolean awaitEnd(Registration registration, Duration timeout) {
        List<Delivery> running = unfinished();
        running.removeIf(i -> i.registration() != registration || !i.hasStarted());
        return dispatcher.unfinished().awaitEnd(running, Check.nanos(timeout));
    }

    DrainReport close(Duration timeout) {
        around.forEach(i -> i.publication().spare());
        Current.spareDirect();
        List<Delivery> unfinished = refuseNewOnes();
        dispatcher.limit().close();
        boolean inTime = dispatcher.unfinished().awaitEnd(unfinished, Check.nanos(timeout));
        Set<Delivery> cancelled = inTime ? Set.of() : cancel(unfinished);
        dispatcher.unfinished().setDrained();
        cancel(unfinished()); // what entered late; who comes later still sees that it was drained
        awaitCancelled(unfinished);
        List<DrainReport.Abandoned> abandoned = abandoned(unfinished);
        letGo();
        long handled = unfinished.stream()
                .filter(i -> i.hasEnded() && !cancelled.contains(i.latest()))
                .count();
        return new DrainReport((int) handled, cancelled.size(), abandoned);
    }

    /** Returns what was unfinished at some moment of this: who sees a refusal, sees it counted that runs beside it. */
    private List<Delivery> refuseNewOnes() {
        Set<Delivery> unfinished = identitySet();
        unfinished.addAll(unfinished());
        dispatcher.refuseNewOnes();
        unfinished.addAll(unfinished());
        return List.copyOf(unfinished);
    }

    /** An interrupt ended the wait; it does not end the grace. */
    private void awaitCancelled(List<Delivery> unfinished) {
        boolean interrupted = Thread.interrupted();
        dispatcher.unfinished().awaitEnd(unfinished, GRACE.toNanos());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Delivery> unfinished() {
        List<Delivery> all = dispatcher.unfinished().deliveries();
        all.removeIf(i -> i.hasEnded() || around.contains(i));
        return all;
    }

    private Set<Delivery> cancel(List<Delivery> unfinished) {
        Set<LivePublication<?>> publications = identitySet();
        unfinished.forEach(i -> publications.add(i.publication()));
        Set<Delivery> cancelled = identitySet();
        publications.forEach(
                p -> cancelled.addAll(p.cancel(i -> !around.contains(i), dispatcher.threads()::asideOrHere)));
        return cancelled;
    }

    private static <T> Set<T> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private static List<DrainReport.Abandoned> abandoned(List<Delivery> unfinished) {
        List<DrainReport.Abandoned> abandoned = new ArrayList<>();
        for (Delivery i : unfinished) {
            if (!i.hasEnded()) {
                abandoned.add(new DrainReport.Abandoned(
                        i.publication().type().name(),
                        i.publication().id(),
                        i.listenerId(),
                        i.latest().stack()));
            }
        }
        return abandoned;
    }

    private void letGo() {
        dispatcher.unobserved().reportAll();
        dispatcher.deadlines().remove(dispatcher.slowWatch());
        dispatcher.deadlines().close();
        dispatcher.threads().close();
    }
}
