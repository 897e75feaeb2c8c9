package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.Event;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.internal.resolve.Roster;
import dev.convoke.listener.Overflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
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
    private List<Invocation> lackPermit = List.of();

    /** Deliveries that lack room in their listener's queue. */
    private List<Invocation> lackRoom = List.of();

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
        boolean isOneByOne = publication.extras().oneByOne != null;
        if (roster.isPlain() && mayRunHere && !isOneByOne) {
            return begin(roster, null, 0, true);
        }
        publication.takeTime();
        if (!roster.isSimple() || isOneByOne) {
            @Nullable DeliveryResult[] early = early();
            int toAdmit = toAdmit(early);
            return begin(roster, early, toAdmit, toAdmit == 0 || admit(toAdmit));
        }
        int toAdmit = roster.size() - (mayRunHere ? roster.inline() : 0);
        if (toAdmit > 0 && admit(toAdmit)) {
            givePermitsFirst();
            return begin(roster, null, toAdmit, true);
        }
        return begin(roster, new @Nullable DeliveryResult[roster.size()], toAdmit, toAdmit == 0);
    }

    private void givePermitsFirst() {
        for (int i = 0; i < publication.size(); i++) {
            Invocation invocation = publication.invocation(i); // nothing is handed off in a simple roster
            if (!isToRunHere(invocation)) {
                invocation.givePermitFirst();
            }
        }
    }

    // ---- before anything starts ----

    /** The results of those that are not to be started at all. */
    private @Nullable DeliveryResult[] early() {
        @Nullable DeliveryResult[] early = new DeliveryResult[publication.size()];
        for (int i = 0; i < early.length; i++) {
            early[i] = publication.first(i) instanceof Invocation invocation ? early(invocation) : null;
        }
        return early;
    }

    private static @Nullable DeliveryResult early(Invocation invocation) {
        Registration registration = invocation.registration();
        if (registration.state() == Registration.State.PAUSED) {
            return Results.skipped(invocation, Reason.PAUSED);
        }
        Predicate<? super Event<?>> onlyIf = registration.onlyIf();
        try {
            boolean isWanted = onlyIf == null || onlyIf.test(invocation.event());
            return isWanted ? null : Results.skipped(invocation, Reason.FILTERED);
        } catch (Throwable e) {
            return Results.thrown(invocation, e);
        }
    }

    /** How many permits are needed before anything starts: those at a gate take theirs one by one, when they are let in. */
    private int toAdmit(@Nullable DeliveryResult[] early) {
        int count = 0;
        for (int i = 0; i < early.length && publication.extras().oneByOne == null; i++) {
            count += early[i] == null && isToAdmit(publication.first(i)) ? 1 : 0;
        }
        return count;
    }

    private boolean isToAdmit(Delivery delivery) {
        return delivery instanceof Invocation invocation
                && !invocation.registration().isGated()
                && !isToRunHere(invocation);
    }

    private boolean isToRunHere(Invocation invocation) {
        return mayRunHere && invocation.registration().isInline();
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
        Acceptance acceptance = publication.extras().acceptance;
        boolean isForJournal = acceptance != null && !acceptance.isDecided();
        if (dispatcher.isTracked(early != null || toAdmit > 0 || isForJournal)
                && !dispatcher.unfinished().add(publication)) {
            dispatcher.limit().release(admitted ? toAdmit : 0);
            return false;
        }
        if (publication.isWatched()) {
            dispatcher.observers().tell(o -> o.onPublish(publication.event(), roster.size()));
        }
        if (acceptance != null && isForJournal) {
            dispatcher.handOver(publication, acceptance, longestHandOver());
        }
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

    /** How long to wait for room in the journal's queue. Those who are admitted hold their permits while this waits. */
    private Duration longestHandOver() {
        boolean waits = mayWait && dispatcher.limit().overflow() == Overflow.WAIT;
        return waits
                ? Duration.ofNanos(Math.max(0, latest() - dispatcher.deadlines().now()))
                : Duration.ZERO;
    }

    private void endEarly(@Nullable DeliveryResult[] early, boolean hasToAdmit, boolean admitted) {
        for (int i = 0; i < early.length; i++) {
            DeliveryResult result = early[i];
            if (result != null) {
                publication.invocation(i).endUnstarted(result);
            } else if (hasToAdmit && isToAdmit(publication.first(i))) {
                giveOrRefuse(publication.invocation(i), admitted);
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
        OneByOne oneByOne = publication.extras().oneByOne;
        if (oneByOne != null) {
            oneByOne.begin(this);
            return;
        }
        for (int i = 0; i < publication.size(); i++) {
            start(publication.first(i));
        }
    }

    /** Starts a delivery, or has it wait; harmless where it has ended. */
    void start(Delivery delivery) {
        if (delivery instanceof HandOff handOff) {
            handOff.await();
        } else if (delivery instanceof Invocation invocation) {
            start(invocation);
        }
    }

    private void start(Invocation invocation) {
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
            lackPermit = and(lackPermit, invocation);
        }
    }

    private static List<Invocation> and(List<Invocation> others, Invocation invocation) {
        List<Invocation> all = others.isEmpty() ? new ArrayList<>() : others;
        all.add(invocation);
        return all;
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
            case LINE -> lackRoom = and(lackRoom, invocation);
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
