package dev.convoke;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.DeliveryResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Deliveries that ran out of attempts: the latest of the coordinator's own, as many as it was built to keep in memory, and those
 * that its journal keeps. The id of one that the journal keeps begins with {@code journal:}.
 *
 * <p>Thread-safe. With a journal, each method but {@link #dropped} may wait for the journal's database, and throws what the
 * journal throws where that cannot be reached. Not for implementation by users.
 */
public interface DeadLetters {
    /**
     * Returns a snapshot: first those in memory, then those of the journal, each of them oldest first. Of the journal's, which may
     * be another process's, it shows the oldest, as many as are kept in memory at most. The event of one that this process cannot
     * read has an {@link dev.convoke.event.UnreadablePayload}; its id can be retried and discarded as any other.
     */
    List<DeadLetter> list();

    /** How many in memory have had to leave for newer ones. */
    long dropped();

    /**
     * Takes a dead letter out and delivers its event again, to the same listener alone, with the same ids and the number of
     * attempts that the listener's policy gives. What is subscribed under the listener's id by now is the listener.
     *
     * <p>A dead letter of the journal's becomes due again, for whatever process has its listener: the future is complete with
     * {@link DeliveryResult.Accepted} when that is committed, and says nothing of how the delivery ends. If it dies again, it is
     * the same dead letter with the same id, and is told again.
     *
     * @return completes with what becomes of it, which may be a dead letter again; one that was not
     *     tried, as when the listener is paused, stays the same dead letter
     * @throws IllegalArgumentException if there is no dead letter with the id
     * @throws IllegalStateException if no such listener is subscribed, or the publication is refused, as when the
     *     coordinator is closed; the dead letter stays
     */
    CompletableFuture<DeliveryResult> retry(String id);

    /**
     * Takes a dead letter out, and says whether there was one with the id. One of the journal's stays in the database, out of the
     * way.
     */
    boolean discard(String id);
}
