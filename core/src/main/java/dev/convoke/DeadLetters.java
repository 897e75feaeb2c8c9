package dev.convoke;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.DeliveryResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The latest deliveries of a coordinator's that ran out of attempts, as many as it was built to keep, in memory.
 *
 * <p>Thread-safe. Not for implementation by users.
 */
public interface DeadLetters {
    /** What there is, oldest first; a snapshot. */
    List<DeadLetter> list();

    /** How many have had to leave for newer ones. */
    long dropped();

    /**
     * Takes a dead letter out and delivers its event again, to the same listener alone, with the same ids and the number of
     * attempts that the listener's policy gives. What is subscribed under the listener's id by now is the listener.
     *
     * @return completes with what becomes of it, which may be a dead letter again; one that was not
     *     tried, as when the listener is paused, stays the same dead letter
     * @throws IllegalArgumentException if there is no dead letter with the id
     * @throws IllegalStateException if no such listener is subscribed, or the publication is refused, as when the
     *     coordinator is closed; the dead letter stays
     */
    CompletableFuture<DeliveryResult> retry(String id);

    /** Takes a dead letter out, and says whether there was one with the id. */
    boolean discard(String id);
}
