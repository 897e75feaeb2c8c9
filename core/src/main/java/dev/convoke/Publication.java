package dev.convoke;

import dev.convoke.event.Event;
import dev.convoke.event.Outcome;
import dev.convoke.event.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One published event: its listeners have been started, and what is asked here says how they end.
 *
 * <p>Thread-safe. Each future is the caller's own: completing or cancelling it changes nothing for others. It is completed
 * on the thread that settles the last delivery; where it completes earlier, as {@link #gather} at a failure, on a thread
 * of the coordinator's. Not for implementation by users.
 *
 * @param <E> the payload type
 */
public interface Publication<E> {
    /** The event in its envelope. */
    Event<E> event();

    /** Completes when every delivery has its result; never fails. */
    CompletableFuture<Outcome> outcome();

    /**
     * Completes with every listener's value, in subscription order; null where a listener was skipped, or is durable and the
     * journal has accepted the event for it. Fails at the first failure in time, with that listener's own exception, while the
     * others go on.
     *
     * <p>A time-out fails it with a {@link TimeoutException}, a cancellation with a
     * {@link java.util.concurrent.CancellationException}, a rejection with a
     * {@link java.util.concurrent.RejectedExecutionException}, a refusal with a
     * {@link dev.convoke.event.PublicationRefusedException}.
     */
    CompletableFuture<List<@Nullable Object>> gather();

    /**
     * Completes with the first value in time. That the journal has accepted the event for a durable listener is neither a
     * value nor a failure. Fails when every listener has its result and none succeeded, with a
     * {@link dev.convoke.event.PublicationFailedException}, or after a refusal, with a
     * {@link dev.convoke.event.PublicationRefusedException}.
     */
    CompletableFuture<@Nullable Object> first();

    /**
     * Completes when the event is accepted: at once where all its listeners are in this process' memory, and when it is committed
     * where a journal keeps it for {@linkplain dev.convoke.listener.ListenerOptions#durable() durable} ones. After a refusal it fails, with
     * a {@link dev.convoke.event.PublicationRefusedException}, and nothing was stored. Where the journal did not keep it, or may
     * not have, it fails with a {@link dev.convoke.event.PublicationNotAcceptedException}; so it does at once where the journal
     * has not heard from its database for too long to know whether a durable listener elsewhere wants the event.
     *
     * <p>Who asks for this has looked at a refusal and at what the journal says: that the event was not kept is not reported as a
     * failure that nobody looked at.
     */
    CompletableFuture<Receipt> accepted();

    /**
     * Waits for the outcome.
     *
     * @throws InterruptedException if the thread is interrupted; that cancels nothing
     */
    Outcome await() throws InterruptedException;

    /**
     * Waits for the outcome, but not longer than this.
     *
     * @throws InterruptedException if the thread is interrupted; that cancels nothing
     * @throws TimeoutException if there is no outcome in time; that cancels nothing
     * @throws IllegalArgumentException if the time-out is negative
     */
    Outcome await(Duration timeout) throws InterruptedException, TimeoutException;

    /**
     * Cancels every delivery that has not ended: one that waits does not start, one that runs is interrupted where it is
     * on an executor, its stage is cancelled, and its {@code onCancel} callbacks run on this thread.
     *
     * <p>An event that has been handed to the journal cannot be taken back: a durable listener whose result is
     * {@link dev.convoke.event.DeliveryResult.Cancelled} may run all the same. {@link #accepted} goes on, and says whether the
     * event was stored. The same holds for a deadline that passes before the journal has answered.
     *
     * @return false when nothing was left to cancel
     */
    boolean cancel();
}
