package dev.convoke.spi;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the deliveries to durable listeners until they are done, and says when each is to be made.
 *
 * <p>Thread-safe. It serves one coordinator, which calls {@link #start} first and {@link #close} last.
 */
public interface EventJournal {
    /** What a journal knows of the durable listeners of an event type, in all processes. */
    enum Interest {
        /** No durable listener in any process wants such an event. That is certain. */
        NONE,
        /** A durable listener wants such an event, or did when that was last known. */
        SOME,
        /**
         * No durable listener wanted such an event when that was last known, but the journal has not heard from its database
         * for too long to be certain.
         */
        UNKNOWN
    }

    /**
     * A coordinator is going to use this.
     *
     * @throws IllegalStateException if another one does already
     */
    void start();

    /**
     * Keeps the events that this listener wants from now on, and makes deliveries to it while it is
     * {@linkplain DurableListener#isReady ready}. Returns when that is committed and every living process knows the listener;
     * publications of this coordinator find the listener after that.
     *
     * @throws IllegalArgumentException if there is another listener of this id in the coordinator, or its options do not suit
     */
    void subscribe(DurableListener listener);

    /** This process has the listener no more; what is kept for it is kept on. */
    void leave(DurableListener listener);

    /**
     * Says whether durable listeners want events of this type. Called at each publication that no durable listener of this
     * coordinator wants; it does not wait for the database.
     */
    Interest interestIn(EventType<?> type);

    /**
     * Keeps an event for all durable listeners that want it. The stage completes when that is committed, or fails with a
     * {@link dev.convoke.event.PublicationNotAcceptedException}. This method never throws.
     *
     * @param maxWait how long the caller waits at most for room in the journal's queue; zero means not at all
     */
    CompletionStage<Receipt> append(Event<?> event, Duration maxWait);

    /**
     * Returns deliveries of any process that are not tried again, the oldest first. Their ids are those of
     * {@link DurableListener#died}. The event of one that this process cannot read has an
     * {@link dev.convoke.event.UnreadablePayload}. Waits for the database. The default returns none.
     *
     * @param atMost how many
     */
    default List<DeadLetter> deadLetters(int atMost) {
        return List.of();
    }

    /**
     * Makes a dead delivery due again, with all its attempts. Returns when that is committed. Waits for the database.
     *
     * @return the listener's id; empty if no dead delivery has this id
     */
    default Optional<String> retryDeadLetter(String id) {
        return Optional.empty();
    }

    /** Takes a dead delivery out of the way, and says whether there was one with this id. Waits for the database. */
    default boolean discardDeadLetter(String id) {
        return false;
    }

    /** Makes no more deliveries. */
    void stop();

    /** Writes down what is known, waits for that at most for this time, and lets go of everything. */
    void close(Duration timeout);
}
