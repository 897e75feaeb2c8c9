package dev.convoke.journal;

import dev.convoke.journal.EventStatus.State;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * A delivery that is not tried again, unless somebody says so. All times are by the database's clock, but for the event's own.
 *
 * @param id identifies the delivery, for {@link DeadSelection#delivery}; it stays the same when the delivery is tried again
 * @param publishedAt when the event was published, by the publisher's clock
 * @param listener the listener's current name
 * @param state DEAD or DISCARDED
 * @param attempts how often its listener has ended
 * @param crashes how often a process was lost while it ran
 * @param error what the last attempt that failed ended with
 * @param firstFailedAt when something went wrong with it for the first time; it is not reset when the delivery is tried again
 * @param lastFailedAt when something went wrong with it for the last time; both are when it was last due, if an older version of
 *     the journal has written it, which did not keep them
 * @param payload as it was kept, in JSON
 */
public record DeadDelivery(
        String id,
        URI source,
        String eventId,
        String eventName,
        Optional<String> key,
        Instant publishedAt,
        String listener,
        State state,
        DeadReason reason,
        int attempts,
        int crashes,
        Optional<String> error,
        Instant firstFailedAt,
        Instant lastFailedAt,
        String payload) {}
