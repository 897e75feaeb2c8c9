package dev.convoke.internal.dispatch;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.DeliveryResult;
import dev.convoke.spi.EventJournal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The dead letters that a journal keeps, under ids that tell them from those in memory.
 *
 * <p>Thread-safe. Each method waits for the journal's database.
 */
public record KeptDeadLetters(Dispatcher dispatcher, EventJournal journal) {
    private static final String PREFIX = "journal:";

    /** The id of a dead letter that the journal knows by this one. */
    static String idOf(String journalsId) {
        return PREFIX + journalsId;
    }

    /** Whether a dead letter with this id would be the journal's. */
    public static boolean isKept(String id) {
        return id.startsWith(PREFIX);
    }

    /** Lists as many as fit in memory, the oldest first. */
    public List<DeadLetter> list() {
        return journal.deadLetters(dispatcher.deadLetters().capacity()).stream()
                .map(KeptDeadLetters::withOurId)
                .toList();
    }

    private static DeadLetter withOurId(DeadLetter letter) {
        return new DeadLetter(
                idOf(letter.id()), letter.event(), letter.listener(), letter.attempts(), letter.cause(), letter.time());
    }

    /**
     * Makes a delivery due again; empty where there is no such dead letter.
     *
     * @throws IllegalStateException if the coordinator is closed
     */
    public Optional<DeliveryResult> retry(String id) {
        if (dispatcher.unfinished().isClosed()) {
            throw new IllegalStateException("dead letter " + id + " cannot be retried: the coordinator is closed");
        }
        return journal.retryDeadLetter(journalsId(id))
                .map(listener -> new DeliveryResult.Accepted(listener, Duration.ZERO, 0));
    }

    /** Takes one out of the way, and says whether it was there. */
    public boolean discard(String id) {
        return journal.discardDeadLetter(journalsId(id));
    }

    private static String journalsId(String id) {
        return id.substring(PREFIX.length());
    }
}
