package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.listener.EventContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery is, apart from how it goes: which publication at which listener, which attempt, and since when.
 *
 * <p>Thread-safe.
 */
abstract sealed class DeliveryContext extends Deadlines.Entry implements EventContext, Delivery permits Call {
    final LivePublication<?> publication;
    final Registration registration;

    /** Its place among the publication's deliveries. */
    final int index;

    private final int attempt;

    /** By the ticker; 0 where it was not started, or nobody wanted to know. Written by the thread that starts it. */
    private volatile long startedAt;

    /** The same of the first attempt; 0 for the first one itself. */
    private final long firstStartedAt;

    /** What the flight recorder gets of the delivery, where it wants that. */
    private volatile @Nullable DeliveryRecord flightRecord;

    DeliveryContext(LivePublication<?> publication, Registration registration, int index) {
        this.publication = publication;
        this.registration = registration;
        this.index = index;
        this.attempt = 1;
        this.firstStartedAt = 0;
    }

    /** One attempt more. */
    DeliveryContext(DeliveryContext before) {
        this.publication = before.publication;
        this.registration = before.registration;
        this.index = before.index;
        this.attempt = before.attempt + 1;
        this.flightRecord = before.flightRecord;
        this.firstStartedAt = before.firstStartedAt == 0 ? before.startedAt : before.firstStartedAt;
    }

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
        long now = dispatcher().deadlines().now();
        startedAt = now == 0 ? 1 : now;
    }

    @Override
    public final long startedAt() {
        return startedAt;
    }

    /** Begins the delivery's record with its first attempt. */
    final void recordStart() {
        if (attempt == 1) {
            flightRecord = DeliveryRecord.begun();
        }
    }

    final void recordResult(DeliveryResult result) {
        DeliveryRecord begun = flightRecord;
        (begun == null ? new DeliveryRecord() : begun).end(publication, result);
    }

    /** From the start of its first attempt until now. */
    @Override
    public final Duration took() {
        long started = firstStartedAt == 0 ? startedAt : firstStartedAt;
        long now = started == 0 ? 0 : dispatcher().deadlines().now();
        return Duration.ofNanos(Math.max(0, now - started));
    }

    @Override
    public final Event<?> event() {
        return publication.event();
    }

    @Override
    public final int attempt() {
        return attempt;
    }

    @Override
    public final Optional<Instant> deadline() {
        long timeout = registration.timeoutNanos();
        return publication.deadline(timeout > 0 ? startedAt + timeout : Lineage.NEVER);
    }

    @Override
    public final String idempotencyKey() {
        return event().source() + "/" + event().id() + "/" + listenerId();
    }

    @Override
    public final String toString() {
        return "delivery of " + publication.type().name() + " to " + listenerId();
    }
}
