package dev.convoke.spi;

import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.Receipt;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the deliveries to durable listeners until they are done, and says when each is to be made.
 *
 * <p>Thread-safe. It serves one coordinator, which calls {@link #start} first and {@link #close} last.
 */
public interface EventJournal {
    /**
     * A coordinator is going to use this.
     *
     * @throws IllegalStateException if another one does already
     */
    void start();

    /**
     * Keeps the events that this listener wants from now on, and makes deliveries to it while it is
     * {@linkplain DurableListener#isReady ready}; returns when that is committed.
     *
     * @throws IllegalArgumentException if there is another listener of this id in the coordinator, or its options do not suit
     */
    void subscribe(DurableListener listener);

    /** This process has the listener no more; what is kept for it is kept on. */
    void leave(DurableListener listener);

    /** What a journal knows about durable listeners of an event, in whatever process. */
    enum Interest {
        /** No durable listener wants it. */
        NONE,
        /** A durable listener wants it, or did when the journal last heard from its database. */
        SOME,
        /** None did when the journal last heard from its database, which is too long ago to rely on. */
        UNKNOWN
    }

    /** Returns whether a durable listener, in whatever process, wants events of this type. Called for each publication. */
    Interest interestIn(EventType<?> type);

    /**
     * Keeps an event for all durable listeners that want it. The stage completes when that is committed, or with a
     * {@link dev.convoke.event.PublicationNotAcceptedException}. Never throws, and never waits for the database.
     *
     * @param maxWait how long the caller's thread may wait for room in the journal's queue; zero to be refused at once
     */
    CompletionStage<Receipt> append(Event<?> event, Duration maxWait);

    /** Makes no more deliveries. */
    void stop();

    /** Writes down what is known, waiting for that at most so long, and lets go of everything. */
    void close(Duration timeout);
}
