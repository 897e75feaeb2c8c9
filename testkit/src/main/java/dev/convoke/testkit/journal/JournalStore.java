package dev.convoke.testkit.journal;

import dev.convoke.PublishOptions;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.listener.AsyncListener;
import dev.convoke.spi.EventJournal;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where the journals of one test keep what they keep, and what an operator or an accident does to it. Empty at first.
 *
 * <p>Called on the test's thread, but for what a transactional listener does.
 */
public interface JournalStore {
    /** A journal, as one of several processes has it. */
    EventJournal open(JournalSetup setup);

    // ---- what there is ----

    /**
     * A delivery that is not done.
     *
     * @param reason why it is dead, or an empty text: FAILED, CRASHED, UNREADABLE or UNKNOWN_TYPE
     * @param attempts how many have ended
     * @param error what the last one that failed ended with, or an empty text
     */
    record Unfinished(String listener, State state, String reason, int attempts, String error) {}

    /** What an unfinished delivery is. */
    enum State {
        /** It will be made. */
        OPEN,
        /** It is not tried again unless an operator says so. */
        DEAD,
        /** Dead, and out of the way. */
        DISCARDED
    }

    /** The deliveries of the event with this id, and no source, that are not done; in the order of their listeners' names. */
    List<Unfinished> unfinished(String eventId) throws Exception;

    /** How many deliveries are not done. */
    int unfinished() throws Exception;

    /** How many events of this name are remembered. */
    int events(String eventName) throws Exception;

    /** How many results came too late for this journal's process, and changed nothing. */
    long staleResults(EventJournal journal);

    // ---- what an operator does ----

    /** Tries all dead deliveries again; says how many. */
    int retryDead(EventJournal journal);

    /** Takes all dead deliveries out of the way; says how many. */
    int discardDead(EventJournal journal);

    /** Makes all discarded deliveries dead ones; says how many. */
    int restoreDiscarded(EventJournal journal);

    /** Whether no living process has had the listener for the session's time to live. */
    boolean isOrphaned(EventJournal journal, String listener);

    /**
     * Gives up a listener and its deliveries; says how many.
     *
     * @throws IllegalStateException if a living process has it
     */
    int retire(EventJournal journal, String listener);

    // ---- what befalls it ----

    /** Every process is taken for dead now, as if it had given no sign of life for too long. */
    void takeAllForDead() throws Exception;

    /** What is kept as the event's payload cannot be read any more. */
    void spoilPayload(String eventName) throws Exception;

    /** What is done meanwhile. */
    @FunctionalInterface
    interface Meanwhile {
        /** Does it. */
        void run() throws Exception;
    }

    /** Nothing that is published is committed meanwhile, but waits. */
    void holdCommits(Meanwhile meanwhile) throws Exception;

    /** Everything that is published is refused meanwhile. */
    void refuseEvents(Meanwhile meanwhile) throws Exception;

    // ---- transactions ----

    /** A transaction of a publisher's own. */
    interface Transaction extends AutoCloseable {
        /** Publishes in it. */
        <E> void publish(EventJournal journal, EventType<E> type, E payload, PublishOptions options) throws Exception;

        /** Commits it, and begins the next one. */
        void commit() throws Exception;

        /** Rolls it back, and begins the next one. */
        void rollback() throws Exception;

        /** Rolls it back for good. */
        @Override
        void close();
    }

    /** Begins a transaction. */
    Transaction begin() throws Exception;

    /**
     * What a transactional listener does.
     *
     * @param <E> the payload type
     */
    @FunctionalInterface
    interface Effect<E> {
        /** Notes something in the {@linkplain JournalStore#ledger ledger}, in the transaction that ends the delivery. */
        void of(Event<E> event, Consumer<String> note) throws Exception;
    }

    /** A listener whose notes are committed together with the end of its delivery. */
    <E> AsyncListener<E> transactional(Effect<E> effect);

    /** What transactional listeners have noted, in whatever order. */
    List<String> ledger() throws Exception;
}
