package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.DrainReport;
import dev.convoke.event.EventType;
import dev.convoke.event.Refusal;
import dev.convoke.event.Unheard;
import dev.convoke.internal.check.Check;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.internal.resolve.Roster;
import dev.convoke.internal.settle.Nesting;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Starts the deliveries of publications, and holds what they share.
 *
 * <p>Thread-safe. A publisher's thread walks over the listeners: it calls the inline ones and hands the others on.
 */
public final class Dispatcher {
    private static final int MAX_IN_FLIGHT_VIRTUAL = 10_000;
    private static final int MAX_IN_FLIGHT_POOL = 512;

    /** How long a publisher waits for room at most; finite, as it may be the one whom the others wait for. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private static final int RADIX = 32;

    private final Settings settings;
    private final Threads threads = new Threads();
    private final Nesting nesting = new Nesting(threads::asideOrHere);
    private final Unfinished unfinished = new Unfinished();
    private final Observers observers;
    private final Deadlines deadlines;
    private final InFlightLimit limit;
    private final UnobservedFailures unobserved;
    private final SlowWatch slowWatch;
    private final Executor executor;
    private final boolean timing;
    private final String idPrefix = Long.toUnsignedString(new SecureRandom().nextLong(), RADIX) + "-";
    private final AtomicLong ids = new AtomicLong();

    /** A dispatcher for one coordinator. */
    public Dispatcher(Settings settings) {
        this.settings = settings;
        this.observers = new Observers(settings.observers());
        this.deadlines = new Deadlines(settings.ticker(), threads.name() + "-timer");
        Executor given = settings.executor();
        this.executor = given == null ? threads.listeners() : given;
        this.limit = new InFlightLimit(maxInFlight(settings), settings.overflow(), deadlines);
        this.unobserved = new UnobservedFailures(threads, deadlines, settings);
        this.slowWatch = new SlowWatch(this, settings);
        this.timing = settings.timing() || settings.watchInline() || !observers.isEmpty();
    }

    private static int maxInFlight(Settings settings) {
        if (settings.maxInFlight() > 0) {
            return settings.maxInFlight();
        }
        boolean virtual = settings.executor() == null && Threads.areVirtual();
        return virtual ? MAX_IN_FLIGHT_VIRTUAL : MAX_IN_FLIGHT_POOL;
    }

    /** Publishes to these listeners; returns when each was handed on, refused, or has returned inline. */
    public <E> LivePublication<E> publish(EventType<E> type, E payload, Roster roster, Envelope envelope) {
        Invocation caller = Current.get();
        Invocation parent = envelope.causedBy() instanceof Invocation cause ? cause : caller;
        Lineage lineage = lineage(type.name(), parent, envelope);
        LivePublication<E> publication = new LivePublication<>(this, type, payload, roster, envelope, lineage);
        if (unfinished.isClosed()) {
            return refusedAsClosed(publication);
        }
        if (lineage.depth() > settings.maxDepth()) {
            return publication.refused(
                    Refusal.TOO_DEEP,
                    "its chain of publications is deeper than " + settings.maxDepth() + ", and ends in "
                            + String.join(" > ", lineage.lastNames()));
        }
        return roster.size() == 0 ? unheard(publication) : start(publication, roster, caller, parent);
    }

    private Lineage lineage(String eventName, @Nullable Invocation parent, Envelope envelope) {
        Duration deadline = envelope.deadline();
        long now = deadline == null && parent == null ? 0 : deadlines.now();
        return Lineage.of(parent, eventName, deadline == null ? 0 : Check.nanos(deadline), now, settings.maxDepth());
    }

    private static <E> LivePublication<E> refusedAsClosed(LivePublication<E> publication) {
        return publication.refused(Refusal.CLOSED, "the coordinator is closed");
    }

    private <E> LivePublication<E> unheard(LivePublication<E> publication) {
        Unheard policy = publication.type().unheard();
        if (policy == Unheard.FAIL) {
            return publication.refused(Refusal.UNHEARD, "nobody listens");
        }
        if (policy == Unheard.WARN) {
            Log.warn("nobody listens to event " + publication.type().name(), null);
        }
        observers.tell(o -> o.onPublish(publication.event(), 0));
        publication.walked();
        return publication;
    }

    // ---- starting ----

    private <E> LivePublication<E> start(
            LivePublication<E> publication, Roster roster, @Nullable Invocation caller, @Nullable Invocation parent) {
        boolean inlineHere = caller == null || caller.depthOnThread() < Invocation.DEEPEST_INLINE;
        int toHandOn = inlineHere ? roster.onExecutor() : roster.size();
        if (toHandOn > 0) {
            publication.takeTime();
        }
        boolean admitted = toHandOn == 0 || admit(publication, toHandOn, isInside(caller) || isInside(unended(parent)));
        for (Invocation invocation : publication.invocations()) {
            invocation.place(inlineHere && invocation.registration().options().isInline(), admitted);
        }
        if (isTracked(toHandOn) && !unfinished.add(publication)) {
            limit.release(admitted ? toHandOn : 0);
            return refusedAsClosed(publication);
        }
        observers.tell(o -> o.onPublish(publication.event(), roster.size()));
        walk(publication, admitted);
        return publication;
    }

    private boolean isTracked(int toHandOn) {
        return toHandOn > 0 || settings.trackInline() || settings.watchInline();
    }

    /** A delivery that may hold what a publication made in it would wait for. */
    private static @Nullable Invocation unended(@Nullable Invocation parent) {
        return parent == null || parent.hasEnded() ? null : parent;
    }

    private boolean admit(LivePublication<?> publication, int permits, boolean inside) {
        if (inside) {
            limit.take(permits); // who waits for a delivery around this must not be waited for
            return true;
        }
        long latest = deadlines.now() + LONGEST_WAIT.toNanos();
        return limit.acquire(permits, publication.lineage().earlierOf(latest));
    }

    private void walk(LivePublication<?> publication, boolean admitted) {
        for (Invocation invocation : publication.invocations()) {
            if (!invocation.isInline() && !admitted) {
                invocation.refuse(Reason.OVERLOADED, null);
            }
        }
        publication.startDeadline();
        for (Invocation invocation : publication.invocations()) {
            if (invocation.isInline()) {
                invocation.runHere();
            } else if (admitted) {
                handOn(invocation);
            }
        }
        publication.walked();
    }

    private void handOn(Invocation invocation) {
        Executor own = invocation.registration().options().executor().orElse(null);
        try {
            invocation.handTo(own == null ? executor : own);
        } catch (Throwable e) {
            invocation.refuse(Reason.EXECUTOR, e);
        }
    }

    // ---- inside a listener ----

    /** Whether this thread is calling a listener of this coordinator, or one that was caused by one. */
    public boolean isInsideListener() {
        return isInside(Current.get());
    }

    private boolean isInside(@Nullable Invocation innermost) {
        for (Invocation onThread = innermost; onThread != null; onThread = onThread.around()) {
            for (Invocation i = onThread;
                    i != null;
                    i = i.publication().lineage().around()) {
                if (i.dispatcher() == this) {
                    return true;
                }
            }
        }
        return false;
    }

    // ---- closing ----

    /** Refuses new publications and ends what is unfinished, in time. Called once. */
    public DrainReport close(Duration timeout) {
        return new Drain(this).close(timeout);
    }

    /** Waits for those deliveries of a closed registration that are running; says whether they ended in time. */
    public boolean awaitEnd(Registration registration, Duration timeout) {
        return new Drain(this).awaitEnd(registration, timeout);
    }

    // ---- what deliveries share ----

    String nextId() {
        return idPrefix + ids.incrementAndGet();
    }

    Instant instant() {
        return settings.ticker().instant();
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

    SlowWatch slowWatch() {
        return slowWatch;
    }
}
