package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.Receipt;
import dev.convoke.internal.resolve.Registration;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A publication at a durable listener: it has been handed to the journal, or is going to be, and ends when the journal says
 * whether it has the event. The listener's own deliveries are the journal's, and are made by {@link Journaling}.
 *
 * <p>Thread-safe. It takes no permit of those in flight and no place at a gate: the journal's queue bounds it. It starts no
 * listener, so observers hear of it only where the event is certainly not stored, which is final.
 */
final class HandOff implements Delivery, BiConsumer<@Nullable Receipt, @Nullable Throwable> {
    /*
     * Concurrency
     * -----------
     * The journal's answer and a stopper both put a result, of which the first counts; and both end it, of which the first
     * takes it off the publication's count. A stopper cannot take the event back: it may be stored all the same.
     */
    private final LivePublication<?> publication;
    private final int index;
    private final AtomicBoolean ended = new AtomicBoolean();

    HandOff(LivePublication<?> publication, int index) {
        this.publication = publication;
        this.index = index;
    }

    /** Waits for the journal's answer. Called once, after the event went to the journal. */
    void await() {
        Objects.requireNonNull(publication.extras().acceptance).whenDecided(this);
    }

    /** The journal has answered. */
    @Override
    public void accept(@Nullable Receipt receipt, @Nullable Throwable failure) {
        boolean counts = publication.settlement().put(index, result(failure));
        if (failure != null && Acceptance.isNothingStored(failure)) {
            publication
                    .dispatcher()
                    .observers()
                    .settled(publication, publication.settlement().resultOf(index));
        }
        end();
        if (counts) {
            arrive();
        }
    }

    private DeliveryResult result(@Nullable Throwable failure) {
        return failure == null
                ? new DeliveryResult.Accepted(listenerId(), took(), 0)
                : new DeliveryResult.Rejected(listenerId(), took(), 0, Reason.JOURNAL, failure);
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            publication.invocationEnded();
        }
    }

    // ---- being stopped ----

    @Override
    public boolean stopAfter(Duration allowed) {
        return publication.settlement().put(index, new DeliveryResult.TimedOut(listenerId(), took(), 0, allowed));
    }

    @Override
    public boolean stopCancelled() {
        return publication.settlement().put(index, new DeliveryResult.Cancelled(listenerId(), took(), 0));
    }

    @Override
    public void halt() {
        end();
    }

    @Override
    public boolean hasToTell() {
        return false;
    }

    @Override
    public void tellListener() {}

    @Override
    public void arrive() {
        publication.settlement().arrive(index);
        publication.arrived(index);
    }

    // ---- what others ask ----

    @Override
    public LivePublication<?> publication() {
        return publication;
    }

    @Override
    public Registration registration() {
        return publication.registration(index);
    }

    @Override
    public int attempts() {
        return 0;
    }

    @Override
    public Duration took() {
        return publication.sincePublished();
    }

    /** Whoever closes the subscription waits for its listener's deliveries, and not for this. */
    @Override
    public boolean hasStarted() {
        return false;
    }

    @Override
    public boolean hasEnded() {
        return ended.get() && publication.settlement().isPut(index);
    }

    @Override
    public boolean isInline() {
        return false;
    }

    @Override
    public String toString() {
        return "delivery of " + publication.type().name() + " to " + listenerId();
    }
}
