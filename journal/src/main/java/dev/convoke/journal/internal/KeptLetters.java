package dev.convoke.journal.internal;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.UnreadablePayload;
import dev.convoke.journal.DeadDelivery;
import dev.convoke.journal.DeadDeliveryException;
import dev.convoke.journal.DeadSelection;
import dev.convoke.journal.EventStatus.State;
import dev.convoke.journal.internal.EventTable.Found;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Dead deliveries as the coordinator's dead letters.
 *
 * <p>Thread-safe.
 */
public final class KeptLetters {
    private final Journal journal;

    /** Those of this journal. */
    public KeptLetters(Journal journal) {
        this.journal = journal;
    }

    /** The oldest, with their payloads where this process can read them. */
    public List<DeadLetter> list(int atMost) {
        List<DeadDelivery> dead = journal.deadLetters().list(DeadSelection.all(), State.DEAD, atMost);
        List<Long> ids = dead.stream().map(one -> idOf(one).event()).toList();
        Map<Long, Found> events = journal.database()
                .ask(
                        "dead deliveries cannot be read",
                        connection -> journal.events().find(connection, ids));
        List<DeadLetter> letters = new ArrayList<>();
        for (DeadDelivery one : dead) {
            Found found = events.get(idOf(one).event());
            if (found != null) { // where not, somebody has given it up in this moment
                letters.add(letter(one, found.event()));
            }
        }
        return letters;
    }

    private static DeliveryId idOf(DeadDelivery dead) {
        return DeliveryId.of(dead.id()).orElseThrow();
    }

    private DeadLetter letter(DeadDelivery dead, StoredEvent stored) {
        return new DeadLetter(
                dead.id(),
                event(stored, journal.listeners().find(idOf(dead).listener())),
                dead.listener(),
                dead.attempts(),
                new DeadDeliveryException(
                        dead.reason(), dead.error().orElse(dead.reason().name())),
                dead.lastFailedAt());
    }

    private Event<?> event(StoredEvent stored, @Nullable Local local) {
        try {
            EventType<?> type = Needs.of(stored).typeHere(local, journal);
            return type == null
                    ? unreadable(stored, "no type of event " + stored.name() + " is known here")
                    : stored.read(type, journal.payloads());
        } catch (RuntimeException | Error e) { // of a class of the application's, too
            return unreadable(stored, e.toString());
        }
    }

    private Event<UnreadablePayload> unreadable(StoredEvent stored, String why) {
        return new Event<>(
                stored.eventId(),
                EventType.of(stored.name(), UnreadablePayload.class),
                new UnreadablePayload(stored.payload(), why),
                stored.key(),
                URI.create(stored.source()),
                Instant.ofEpochMilli(stored.publishedAt()),
                journal.payloads().readAttributes(stored.attributes()),
                stored.parentId());
    }

    /** Tries one again, and returns its listener; empty where there is no such one. */
    public Optional<String> retry(String id) {
        DeadSelection one = DeadSelection.all().delivery(id);
        List<DeadDelivery> found = journal.deadLetters().list(one, State.DEAD, 1);
        boolean isRetried = !found.isEmpty() && journal.deadLetters().retry(one, Duration.ZERO, 1) == 1;
        return isRetried ? Optional.of(found.get(0).listener()) : Optional.empty();
    }

    /** Takes one out of the way, and says whether there was such a one. */
    public boolean discard(String id) {
        return journal.deadLetters().move(DeadSelection.all().delivery(id), State.DEAD, State.DISCARDED) == 1;
    }
}
