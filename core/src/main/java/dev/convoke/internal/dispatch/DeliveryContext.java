package dev.convoke.internal.dispatch;

import dev.convoke.event.Event;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.listener.EventContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a delivery is, apart from how it goes: which publication at which listener, and since when.
 *
 * <p>Thread-safe.
 */
abstract class DeliveryContext extends Deadlines.Entry implements EventContext {
    final LivePublication<?> publication;
    final Registration registration;

    /** By the ticker; 0 where it was not started, or nobody wanted to know. Written by the thread that starts it. */
    private volatile long startedAt;

    DeliveryContext(LivePublication<?> publication, Registration registration) {
        this.publication = publication;
        this.registration = registration;
    }

    final LivePublication<?> publication() {
        return publication;
    }

    final Registration registration() {
        return registration;
    }

    final Dispatcher dispatcher() {
        return publication.dispatcher();
    }

    final String listenerId() {
        return registration.listenerId();
    }

    final void startNow() {
        long now = dispatcher().deadlines().now();
        startedAt = now == 0 ? 1 : now;
    }

    final long startedAt() {
        return startedAt;
    }

    /** From its start until now. */
    final Duration took() {
        long started = startedAt;
        long now = started == 0 ? 0 : dispatcher().deadlines().now();
        return Duration.ofNanos(Math.max(0, now - started));
    }

    @Override
    public final Event<?> event() {
        return publication.event();
    }

    @Override
    public final int attempt() {
        return 1;
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
