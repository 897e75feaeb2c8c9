package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.internal.check.Check;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.listener.EventContext;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery is, apart from how it goes: which publication at which listener, which attempt, and since when.
 *
 * <p>Thread-safe.
 */
abstract sealed class DeliveryContext implements EventContext, Delivery permits Call {
    private static final VarHandle TIME;
    private static final VarHandle CALLBACKS;

    static {
        try {
            TIME = MethodHandles.lookup().findVarHandle(DeliveryContext.class, "time", long.class);
            CALLBACKS = MethodHandles.lookup().findVarHandle(DeliveryContext.class, "callbacks", CancelCallbacks.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final LivePublication<?> publication;
    final Registration registration;

    /** Its place among the publication's deliveries. */
    final int index;

    private final int attempt;

    /**
     * When it started, counted up from 1; 0 where it was not started, or nobody wanted to know; once it has succeeded, how
     * long it took, counted down from -1. Written by the thread that starts it, and by the one that ends it.
     */
    @SuppressWarnings("unused") // by its handle
    private long time;

    /** What the flight recorder gets of the delivery, where it wants that. */
    private @Nullable DeliveryRecord flightRecord;

    /** What the listener wants to have run when this is stopped, once it wants anything, or it was stopped. */
    private volatile @Nullable CancelCallbacks callbacks;

    /** Whether it was cancelled or timed out. */
    private volatile boolean stopped;

    DeliveryContext(LivePublication<?> publication, Registration registration, int index) {
        this.publication = publication;
        this.registration = registration;
        this.index = index;
        this.attempt = 1;
    }

    /** One attempt more. */
    DeliveryContext(DeliveryContext before) {
        this.publication = before.publication;
        this.registration = before.registration;
        this.index = before.index;
        this.attempt = before.attempt + 1;
        this.flightRecord = before.flightRecord;
    }

    /** What it has for being timed out or tried again, if it may be. */
    abstract @Nullable Tries tries();

    @Override
    public final LivePublication<?> publication() {
        return publication;
    }

    @Override
    public final Registration registration() {
        return registration;
    }

    final Dispatcher dispatcher() {
        return publication.dispatcher();
    }

    final @Nullable String key() {
        return publication.key();
    }

    final void startNow() {
        TIME.setOpaque(this, dispatcher().elapsed());
    }

    @Override
    public final long startedAt() {
        return Math.max(0, time());
    }

    private long time() {
        return (long) TIME.getOpaque(this);
    }

    /** Notes how long it took. Called by the thread that ends it, before its result is there. */
    final void endNow() {
        TIME.setOpaque(this, -1 - tookNanos());
    }

    /** Begins the delivery's record with its first attempt. */
    final void recordStart() {
        if (attempt == 1 && DeliveryRecord.isWanted()) {
            flightRecord = DeliveryRecord.begun();
        }
    }

    final void recordResult(DeliveryResult result) {
        if (isRecorded()) {
            DeliveryRecord begun = flightRecord;
            (begun == null ? new DeliveryRecord() : begun).end(publication, result);
        }
    }

    final boolean isRecorded() {
        return flightRecord != null || DeliveryRecord.isWanted();
    }

    /** From the start of its first attempt to its end, or until now. */
    @Override
    public final Duration took() {
        return Duration.ofNanos(tookNanos());
    }

    private long tookNanos() {
        long known = time();
        if (known < 0) {
            return -1 - known;
        }
        Tries tries = tries();
        long started = tries == null || tries.firstStartedAt == 0 ? known : tries.firstStartedAt;
        return started == 0 ? 0 : Math.max(0, dispatcher().elapsed() - started);
    }

    /** When its time-out comes, by the ticker. */
    final long timeoutAt() {
        return dispatcher().tickAt(startedAt()) + registration.timeoutNanos();
    }

    @Override
    public final Event<?> event() {
        return publication.event();
    }

    @Override
    public final int attempt() {
        StoredDelivery stored = publication.extras().stored;
        return stored == null ? attempt : stored.attempt();
    }

    /** Whether this coordinator has made another attempt before. */
    final boolean isAnotherAttempt() {
        return attempt > 1;
    }

    @Override
    public final <T> Optional<T> resource(Class<T> type) {
        StoredDelivery stored = publication.extras().stored;
        return stored == null
                ? Optional.empty()
                : Optional.of(stored.resource()).filter(type::isInstance).map(type::cast);
    }

    @Override
    public final Optional<Instant> deadline() {
        long timeout = registration.timeoutNanos() > 0 ? timeoutAt() : Lineage.NEVER;
        long due = publication.lineage().earlierOf(timeout);
        return due == Lineage.NEVER
                ? Optional.empty()
                : Optional.of(dispatcher()
                        .instant()
                        .plusNanos(due - dispatcher().deadlines().now()));
    }

    @Override
    public final String idempotencyKey() {
        StoredDelivery stored = publication.extras().stored;
        return stored == null ? event().source() + "/" + event().id() + "/" + listenerId() : stored.idempotencyKey();
    }

    // ---- being stopped ----

    /** It was cancelled or timed out. */
    final void setStopped() {
        stopped = true;
    }

    @Override
    public final boolean isCancelled() {
        return stopped;
    }

    @Override
    public final void onCancel(Runnable callback) {
        Check.present("callback", callback);
        if (!callbacks().add(callback)) {
            CancelCallbacks.run(callback, this);
        }
    }

    private CancelCallbacks callbacks() {
        CancelCallbacks known = callbacks;
        if (known == null) {
            CALLBACKS.compareAndSet(this, null, new CancelCallbacks());
        }
        return known == null ? Objects.requireNonNull(callbacks) : known;
    }

    /** From now on callbacks are run at once; those that there are, by {@link #runCallbacks}. */
    final void takeCallbacks() {
        if (callbacks != null || !CALLBACKS.compareAndSet(this, null, CancelCallbacks.NONE)) {
            Objects.requireNonNull(callbacks).take();
        }
    }

    final boolean hasCallbacks() {
        CancelCallbacks taken = callbacks;
        return taken != null && taken.isAnyTaken();
    }

    final void runCallbacks() {
        CancelCallbacks taken = callbacks;
        if (taken != null) {
            taken.run(this);
        }
    }

    @Override
    public final String toString() {
        return "delivery of " + publication.type().name() + " to " + listenerId();
    }
}
