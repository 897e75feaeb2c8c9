package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.internal.settle.Settlement;
import dev.convoke.internal.settle.Slot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A delivery to a listener that was called directly and has returned a stage that is awaited.
 *
 * <p>Thread-safe. It is small, as there may be a great many of them: the stage's callback, the delivery's result, and its
 * hold on a permit in one. It has neither a thread nor a context.
 */
final class Pending implements Delivery, Slot, BiConsumer<@Nullable Object, @Nullable Throwable> {
    /*
     * Concurrency
     * -----------
     * `held` is the stage, until whoever is first, its completion or a stopper, puts a result or a value in its place, by
     * CAS; that one gives back the permit. Who stops it puts the stage beside the result, to cancel it later.
     * `time` is written by its completion after that CAS, and before the delivery arrives: who reads it in between makes of
     * its start what is written a moment later.
     */
    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(Pending.class, "held", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LivePublication<?> publication;
    private final int index;

    /** See above. */
    private volatile @Nullable Object held;

    /** When the listeners were called, counted up from 1; once it has completed, how long that took, counted down from -1. */
    private long time;

    Pending(LivePublication<?> publication, int index) {
        this.publication = publication;
        this.index = index;
    }

    /** A result, and the stage that is to be cancelled. */
    private record Stopped(DeliveryResult result, CompletionStage<?> stage) {}

    private static boolean isAwaited(@Nullable Object held) {
        return held instanceof CompletionStage<?>;
    }

    /** Awaits what the listener returned. */
    void await(CompletionStage<?> returned, long since) {
        publication.dispatcher().limit().take(1);
        time = since;
        HELD.set(this, returned); // whoever sees this was shown it later, by the stage or at the end of the walk
        publication.settlement().place(index, this);
        try {
            returned.whenComplete(this);
        } catch (Throwable e) {
            end(Results.thrown(this, e));
        }
    }

    /** Fails at once: the listener threw this. */
    void fail(Throwable thrown) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt(); // it was the publisher's
        }
        endAtOnce(Results.thrown(this, thrown));
    }

    /** The listener is not called. */
    void skip(Registration.State state) {
        endAtOnce(Results.skipped(this, state));
    }

    private void endAtOnce(DeliveryResult result) {
        publication.settlement().put(index, result);
        arrive();
    }

    // ---- ending ----

    /** The listener's stage has completed. */
    @Override
    public void accept(@Nullable Object value, @Nullable Throwable failure) {
        if (!isAwaited(held)) {
            return;
        }
        Object content = failure == null ? Settlement.contentFor(value) : null;
        if (content == null) {
            end(failure == null ? Results.succeeded(this, value) : Results.failedStage(this, failure));
        } else if (endWith(content)) {
            publication.settlement().arriveValue(index);
            publication.dispatcher().unfinished().ended();
        }
    }

    private void end(DeliveryResult result) {
        if (endWith(result)) {
            arrive();
        }
    }

    private boolean endWith(Object content) {
        Object stage = held;
        boolean ended = isAwaited(stage) && HELD.compareAndSet(this, stage, content);
        if (ended) {
            time = -1 - tookNanos();
            release();
        }
        return ended;
    }

    private void release() {
        publication.dispatcher().limit().release(1);
    }

    @Override
    public void arrive() {
        publication.settlement().arrive(index);
        publication.dispatcher().unfinished().ended();
    }

    // ---- its place in the settlement ----

    @Override
    public @Nullable Object content() {
        Object there = held;
        return there instanceof Stopped stopped ? stopped.result() : isAwaited(there) ? null : there;
    }

    @Override
    public boolean swap(@Nullable Object expected, Object content) {
        Object there = expected == null ? held : expected;
        return (expected != null || isAwaited(there)) && HELD.compareAndSet(this, there, content);
    }

    // ---- being stopped ----

    @Override
    public boolean stopAfter(Duration allowed) {
        return stop(new DeliveryResult.TimedOut(listenerId(), took(), attempts(), allowed));
    }

    @Override
    public boolean stopCancelled() {
        return stop(new DeliveryResult.Cancelled(listenerId(), took(), attempts()));
    }

    private boolean stop(DeliveryResult result) {
        return held instanceof CompletionStage<?> stage && HELD.compareAndSet(this, stage, new Stopped(result, stage));
    }

    @Override
    public void halt() {
        release();
    }

    @Override
    public boolean hasToTell() {
        return held instanceof Stopped;
    }

    @Override
    public void tellListener() {
        if (held instanceof Stopped stopped && HELD.compareAndSet(this, stopped, stopped.result())) {
            Stages.cancel(stopped.stage(), this);
        }
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
        return 1;
    }

    @Override
    public Duration took() {
        return Duration.ofNanos(tookNanos());
    }

    private long tookNanos() {
        long known = time;
        if (known <= 0) {
            return known == 0 ? 0 : -1 - known; // it was never awaited, or it has completed
        }
        return Math.max(0, publication.dispatcher().elapsed() - known);
    }

    @Override
    public boolean hasStarted() {
        return true;
    }

    @Override
    public boolean hasEnded() {
        return !isAwaited(held);
    }

    @Override
    public boolean isInline() {
        return true;
    }

    @Override
    public String toString() {
        return "delivery of " + publication.type().name() + " to " + listenerId();
    }
}
