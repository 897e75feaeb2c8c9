package dev.convoke.internal.dispatch;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.DrainReport;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.Refusal;
import dev.convoke.event.Unheard;
import dev.convoke.internal.check.Check;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.internal.resolve.Roster;
import dev.convoke.internal.settle.Nesting;
import dev.convoke.spi.EventJournal;
import dev.convoke.spi.EventJournal.Interest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Starts the deliveries of publications, and holds what they share.
 *
 * <p>Thread-safe. A publisher's thread walks over the listeners: it calls the inline ones and hands the others on.
 */
public final class Dispatcher {
    private static final int MAX_IN_FLIGHT_VIRTUAL = 10_000;
    private static final int MAX_IN_FLIGHT_POOL = 512;

    private final Settings settings;
    private final Threads threads;
    private final Nesting nesting;
    private final Unfinished unfinished = new Unfinished();
    private final Observers observers;
    private final Deadlines deadlines;
    private final InFlightLimit limit;
    private final UnobservedFailures unobserved;
    private final DeadLetters deadLetters;
    private final SlowWatch slowWatch;
    private final @Nullable Journaling journaling;
    private final Executor executor;
    private final boolean timing;

    /** Whether nothing is wanted of publications that keeps listeners from being called directly; not any more once it closes. */
    private volatile boolean mayBeDirect;

    private final Ids ids = new Ids();
    private final long startedAt;

    /** A dispatcher for one coordinator. */
    public Dispatcher(Settings settings) {
        this.settings = settings;
        this.threads = new Threads(settings.background());
        this.nesting = new Nesting(threads::asideOrHere);
        this.observers = new Observers(settings.observers());
        this.deadlines = new Deadlines(settings.ticker(), threads.name() + "-timer");
        Executor given = settings.executor();
        this.executor = given == null ? threads.listeners() : given;
        this.limit = new InFlightLimit(maxInFlight(settings), settings.overflow(), deadlines);
        this.unobserved = new UnobservedFailures(threads, deadlines, settings);
        this.deadLetters = new DeadLetters(this, settings);
        this.slowWatch = new SlowWatch(this, settings);
        EventJournal journal = settings.journal();
        this.journaling = journal == null ? null : new Journaling(this, journal, settings.carriers());
        this.startedAt = deadlines.now();
        this.timing = settings.timing() || settings.watchInline() || !observers.isEmpty();
        this.mayBeDirect = wantsNothingAround();
    }

    private boolean wantsNothingAround() {
        return settings.observers().isEmpty()
                && settings.journal() == null
                && settings.carriers().isEmpty()
                && !settings.timing()
                && !settings.trackInline()
                && !settings.watchInline()
                && maxDirectDepth() > 0;
    }

    private static int maxInFlight(Settings settings) {
        if (settings.maxInFlight() > 0) {
            return settings.maxInFlight();
        }
        boolean virtual = settings.executor() == null && Threads.areVirtual();
        return virtual ? MAX_IN_FLIGHT_VIRTUAL : MAX_IN_FLIGHT_POOL;
    }

    /** Whether listeners may be called directly that want nothing but the payload: nothing more is wanted of publications. */
    boolean isDirect() {
        return mayBeDirect && !PublicationRecord.isWanted();
    }

    /** Refuses whatever comes from now on. */
    void refuseNewOnes() {
        unfinished.close();
        mayBeDirect = false;
    }

    /** How deep in its chain a publication is at most that calls listeners directly: a refused chain shows its last names. */
    int maxDirectDepth() {
        return settings.maxDepth() - Lineage.LAST_NAMES;
    }

    /** Publishes to these listeners; returns when each was handed on, refused, or has returned inline. */
    public <E> LivePublication<E> publish(EventType<E> type, E payload, Roster roster, Envelope envelope) {
        Around around = around(envelope);
        Lineage lineage = lineage(type.name(), around, envelope);
        LivePublication<E> publication = new LivePublication<>(this, type, payload, roster, envelope, lineage);
        if (isRefused(lineage)) {
            return refused(publication);
        }
        Interest interest = journaling == null ? Interest.NONE : journaling.interestIn(type, roster);
        if (roster.size() == 0 && interest != Interest.SOME) {
            return unheard(publication, interest);
        }
        publication.carry(settings.carriers());
        if (journaling != null && interest != Interest.NONE) {
            journaling.prepare(publication, interest);
        }
        return walk(publication, roster, around);
    }

    /** Publishes the event of a dead letter again, to one listener; the journal has nothing to do with it. */
    public LivePublication<?> retry(DeadLetter letter, Registration registration) {
        return retry(letter, letter.event(), registration);
    }

    private <E> LivePublication<E> retry(DeadLetter letter, Event<E> event, Registration registration) {
        Roster roster = Roster.of(registration);
        Around around = Around.here();
        Lineage lineage = lineage(event.type().name(), around, Envelope.EMPTY);
        LivePublication<E> publication = new LivePublication<>(this, event, roster, lineage, Extras.of(letter));
        if (isRefused(lineage)) {
            return refused(publication);
        }
        publication.carry(settings.carriers());
        return walk(publication, roster, around);
    }

    /** What a delivery of the journal's is made with. */
    <E> LivePublication<E> stored(Event<E> event, Roster roster, StoredDelivery stored) {
        Lineage lineage = lineage(event.type().name(), Around.here(), Envelope.EMPTY);
        return new LivePublication<>(this, event, roster, lineage, Extras.of(stored));
    }

    /** Gives a publication, which nobody refuses any more, to the journal. */
    void handOver(LivePublication<?> publication, Acceptance acceptance, Duration maxWait) {
        Objects.requireNonNull(journaling).handOver(publication, acceptance, maxWait);
    }

    private static Around around(Envelope envelope) {
        Around here = Around.here();
        return envelope.causedBy() instanceof Invocation cause ? here.causedBy(cause) : here;
    }

    private boolean isRefused(Lineage lineage) {
        return unfinished.isClosed() || lineage.depth() > settings.maxDepth();
    }

    private <E> LivePublication<E> refused(LivePublication<E> publication) {
        return unfinished.isClosed()
                ? refusedAsClosed(publication)
                : publication.refused(
                        Refusal.TOO_DEEP,
                        "its chain of publications is deeper than " + settings.maxDepth() + ", and ends in "
                                + String.join(" > ", publication.lineage().lastNames()));
    }

    private static <E> LivePublication<E> walk(LivePublication<E> publication, Roster roster, Around around) {
        return Walk.ofPublisher(publication, around).go(roster) ? publication : refusedAsClosed(publication);
    }

    private Lineage lineage(String eventName, Around around, Envelope envelope) {
        Duration deadline = envelope.deadline();
        long now = deadline == null && around.parent() == null ? 0 : deadlines.now();
        return Lineage.of(around, eventName, deadline == null ? 0 : Check.nanos(deadline), now, settings.maxDepth());
    }

    private static <E> LivePublication<E> refusedAsClosed(LivePublication<E> publication) {
        return publication.refused(Refusal.CLOSED, "the coordinator is closed");
    }

    /** Of a publication that has no listener here, and may have a durable one elsewhere if the journal does not know. */
    private <E> LivePublication<E> unheard(LivePublication<E> publication, Interest interest) {
        String elsewhere = interest == Interest.NONE ? "" : " here; " + Journaling.NOT_KNOWN;
        Unheard policy = publication.type().unheard();
        if (policy == Unheard.FAIL) {
            return publication.refused(Refusal.UNHEARD, "nobody listens" + elsewhere);
        }
        if (policy == Unheard.WARN) {
            Log.warn("nobody listens to event " + publication.type().name() + elsewhere, null);
        }
        if (journaling != null && interest != Interest.NONE) {
            journaling.prepare(publication, interest);
        }
        if (publication.isWatched()) {
            observers.tell(o -> o.onPublish(publication.event(), 0));
        }
        publication.walked();
        return publication;
    }

    // ---- starting ----

    /** Whether a publication is in the list of the unfinished from its beginning on. */
    boolean isTracked(boolean mayOutlastItsWalk) {
        return mayOutlastItsWalk || settings.trackInline() || settings.watchInline();
    }

    /** Until when a publisher may wait that begins now; finite, as it may be the one whom the others wait for. */
    long latestWait() {
        return deadlines.now() + Check.nanos(settings.longestWait());
    }

    /** Hands a delivery to its executor. */
    void handOn(Invocation invocation) {
        invocation.place(false);
        try {
            Executor own = invocation.registration().executor();
            invocation.handTo(own == null ? executor : own, invocation);
        } catch (Throwable e) {
            invocation.refuse(Reason.EXECUTOR, e);
        }
    }

    /** The listener was closed or paused: what is held back at its gate, or until another attempt, gives up. */
    public void shut(Registration registration) {
        if (!registration.isGated() && registration.options().retry().attempts() == 1) {
            return; // there is nothing that would hold a delivery back
        }
        for (Delivery delivery : unfinished.deliveries()) {
            if (delivery instanceof Invocation invocation
                    && invocation.registration() == registration
                    && invocation.stopHeldBack()) {
                Delivery.finish(List.of(invocation), threads::asideOrHere, threads::asideOrHere);
            }
        }
    }

    /** Whether this thread is calling a listener of this coordinator, or one that was caused by one. */
    public boolean isInsideListener() {
        return Around.here().isAnyOf(this);
    }

    // ---- closing ----

    /** Refuses new publications and ends what is unfinished, in time. Called once. */
    public DrainReport close(Duration timeout) {
        if (journaling == null) {
            return new Drain(this).close(timeout);
        }
        journaling.stop();
        try {
            return new Drain(this).close(timeout);
        } finally {
            journaling.close();
        }
    }

    /** Where this meets its journal, if it has one. */
    public @Nullable Journaling journaling() {
        return journaling;
    }

    /** Waits for those deliveries of a closed registration that are running; says whether they ended in time. */
    public boolean awaitEnd(Registration registration, Duration timeout) {
        return new Drain(this).awaitEnd(registration, timeout);
    }

    // ---- what deliveries share ----

    Ids ids() {
        return ids;
    }

    /** The time by the ticker since this was made, counted up from 1, so that 0 can mean that there was none. */
    long elapsed() {
        return deadlines.now() - startedAt + 1;
    }

    /** What the ticker said when so much had elapsed. */
    long tickAt(long elapsed) {
        return startedAt + elapsed - 1;
    }

    Instant instant() {
        return settings.ticker().instant();
    }

    /** The time of day when so much had elapsed. Reading the ticker is cheaper than that, and most times are never asked for. */
    Instant instantAt(long elapsed) {
        return instant().minusNanos(elapsed() - elapsed);
    }

    /** Whether inline deliveries are timed, too. */
    boolean isTiming() {
        return timing;
    }

    Threads threads() {
        return threads;
    }

    Nesting nesting() {
        return nesting;
    }

    Observers observers() {
        return observers;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    InFlightLimit limit() {
        return limit;
    }

    Unfinished unfinished() {
        return unfinished;
    }

    UnobservedFailures unobserved() {
        return unobserved;
    }

    /** Deliveries that are out of attempts. */
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    SlowWatch slowWatch() {
        return slowWatch;
    }
}
