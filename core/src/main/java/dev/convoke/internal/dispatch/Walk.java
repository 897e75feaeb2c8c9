package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.internal.resolve.Roster;
import dev.convoke.listener.Overflow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way over the listeners of one publication: it calls the inline ones and hands the others on. Those that have no room it
 * waits for at the end, so that they keep none of the others waiting.
 *
 * <p>Confined to the thread that walks.
 */
final class Walk {
    private final Dispatcher dispatcher;
    private final LivePublication<?> publication;
    private final Around around;

    /** Whether inline listeners may run on this thread. */
    private final boolean mayRunHere;

    private final boolean mayWait;

    /** Deliveries that are at no gate, or let in, and lack a permit. */
    private final List<Invocation> lackPermit = new ArrayList<>(0);

    /** Deliveries that lack room in their listener's queue. */
    private final List<Invocation> lackRoom = new ArrayList<>(0);

    private Walk(LivePublication<?> publication, Around around, boolean mayRunHere, boolean mayWait) {
        this.dispatcher = publication.dispatcher();
        this.publication = publication;
        this.around = around;
        this.mayRunHere = mayRunHere;
        this.mayWait = mayWait;
    }

    /** The publisher's. Inside a listener it waits for nothing: who waits for a delivery around it must not be waited for. */
    static Walk ofPublisher(LivePublication<?> publication, Around around) {
        boolean isShallow = around.depthOnThread() < Invocation.DEEPEST_INLINE;
        boolean isInside = around.isInside(publication.dispatcher());
        return new Walk(publication, around, isShallow, !isInside);
    }

    /** Of a thread that has something else to do, and not been asked. */
    static Walk withoutWaiting(LivePublication<?> publication) {
        Around around = new Around(null, null, publication.lineage().around(), null);
        return new Walk(publication, around, false, false);
    }

    /** Goes all the way; says whether it could, or the coordinator is closed. */
    boolean go(Roster roster) {
        if (roster.isPlain() && mayRunHere && !publication.isOneByOne()) {
            return begin(roster, null, 0, true);
        }
        @Nullable DeliveryResult[] early = early();
        int toAdmit = toAdmit(early);
        publication.takeTime();
        return begin(roster, early, toAdmit, toAdmit == 0 || admit(toAdmit));
    }

    // ---- before anything starts ----

    /** The results of those that are not to be started at all. */
    private @Nullable DeliveryResult[] early() {
        @Nullable DeliveryResult[] early = new DeliveryResult[publication.size()];
        for (int i = 0; i < early.length; i++) {
            early[i] = early(publication.invocation(i));
        }
        return early;
    }

    private static @Nullable DeliveryResult early(Invocation invocation) {
        Registration registration = invocation.registration();
        if (registration.state() == Registration.State.PAUSED) {
            return Results.skipped(invocation, Reason.PAUSED);
        }
        try {
            boolean isWanted = registration
                    .options()
                    .onlyIf()
                    .map(p -> p.test(invocation.event()))
                    .orElse(true);
            return isWanted ? null : Results.skipped(invocation, Reason.FILTERED);
        } catch (Throwable e) {
            return Results.thrown(invocation, e);
        }
    }

    /** How many permits are needed before anything starts: those at a gate take theirs one by one, when they are let in. */
    private int toAdmit(@Nullable DeliveryResult[] early) {
        int count = 0;
        for (int i = 0; i < early.length && !publication.isOneByOne(); i++) {
            count += early[i] == null && isToAdmit(publication.invocation(i)) ? 1 : 0;
        }
        return count;
    }

    private boolean isToAdmit(Invocation invocation) {
        return !invocation.registration().isGated() && !isToRunHere(invocation);
    }

    private boolean isToRunHere(Invocation invocation) {
        return mayRunHere && invocation.registration().options().isInline();
    }

    private boolean admit(int permits) {
        if (!mayWait) {
            dispatcher.limit().take(permits);
            return true;
        }
        return dispatcher.limit().acquire(permits, latest());
    }

    private long latest() {
        return publication.lineage().earlierOf(dispatcher.latestWait());
    }

    private boolean begin(Roster roster, @Nullable DeliveryResult @Nullable [] early, int toAdmit, boolean admitted) {
        if (dispatcher.isTracked(early != null) && !dispatcher.unfinished().add(publication)) {
            dispatcher.limit().release(admitted ? toAdmit : 0);
            return false;
        }
        dispatcher.observers().tell(o -> o.onPublish(publication.event(), roster.size()));
        if (early != null) {
            endEarly(early, toAdmit > 0, admitted);
        }
        publication.startDeadline();
        start();
        if (!lackRoom.isEmpty() || !lackPermit.isEmpty()) {
            await(latest());
        }
        publication.walked();
        return true;
    }

    private void endEarly(@Nullable DeliveryResult[] early, boolean hasToAdmit, boolean admitted) {
        for (int i = 0; i < early.length; i++) {
            Invocation invocation = publication.invocation(i);
            DeliveryResult result = early[i];
            if (result != null) {
                invocation.endUnstarted(result);
            } else if (hasToAdmit && isToAdmit(invocation)) {
                giveOrRefuse(invocation, admitted);
            }
        }
    }

    private void giveOrRefuse(Invocation invocation, boolean admitted) {
        if (admitted) {
            invocation.givePermit();
        } else {
            overflow(invocation, dispatcher.limit().overflow());
        }
    }

    // ---- starting ----

    private void start() {
        OneByOne oneByOne = publication.oneByOne();
        if (oneByOne != null) {
            oneByOne.begin(this);
            return;
        }
        for (int i = 0; i < publication.size(); i++) {
            start(publication.invocation(i));
        }
    }

    /** Starts a delivery, or has it wait; harmless where it has ended. */
    void start(Invocation invocation) {
        if (invocation.hasStarted()) {
            return;
        }
        if (invocation.registration().isGated()) {
            enterGate(invocation);
        } else {
            startInside(invocation);
        }
    }

    private void startInside(Invocation invocation) {
        if (isToRunHere(invocation)) {
            invocation.place(true);
            invocation.runHere();
        } else if (invocation.hasPermit()) {
            dispatcher.handOn(invocation);
        } else if (!mayWait) {
            dispatcher.limit().take(1);
            invocation.startAdmitted();
        } else if (dispatcher.limit().acquireNow(1)) {
            invocation.startAdmitted();
        } else {
            lackPermit.add(invocation);
        }
    }

    private void enterGate(Invocation invocation) {
        Gate.Entry entry = Gate.of(invocation.registration()).enter(invocation, around, mayWait);
        if (entry.dropped() != null) {
            drop(entry.dropped());
        }
        if (invocation.state() == Call.State.ENDED) {
            invocation.leaveGate(false); // it was stopped before it stood there, or was let in and is done
            return;
        }
        switch (entry.place()) {
            case INSIDE -> startInside(invocation);
            case LINE -> lackRoom.add(invocation);
            case AWAY ->
                overflow(invocation, invocation.registration().options().overflow());
            case QUEUE -> {} // who leaves starts it
        }
    }

    /** What waits for the dropped one is not to hold up the publisher of another. */
    private void drop(Invocation dropped) {
        dispatcher.threads().asideOrHere(() -> overflow(dropped, Overflow.DROP_OLDEST));
    }

    private static void overflow(Invocation invocation, Overflow policy) {
        switch (policy) {
            case WAIT, REJECT -> invocation.refuse(Reason.OVERLOADED, null);
            case DROP_OLDEST, DROP_LATEST -> invocation.endUnstarted(Results.skipped(invocation, Reason.DROPPED));
        }
    }

    // ---- waiting ----

    private void await(long until) {
        for (Invocation invocation : lackRoom) {
            Gate.Ticket ticket = invocation.ticket();
            if (ticket != null && !Gate.awaitRoom(ticket, dispatcher.deadlines(), until)) {
                invocation.refuse(Reason.OVERLOADED, null);
            }
        }
        for (Invocation invocation : lackPermit) {
            if (dispatcher.limit().acquire(1, until)) {
                invocation.startAdmitted();
            } else {
                overflow(invocation, dispatcher.limit().overflow());
            }
        }
    }
}
