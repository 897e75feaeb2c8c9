package dev.convoke.journal;

import dev.convoke.journal.EventStatus.State;
import java.net.URI;
import java.util.Optional;

/**
 * A delivery that is not tried again, unless somebody says so.
 *
 * @param state DEAD or DISCARDED
 * @param attempts how often its listener has ended
 * @param crashes how often a process was lost while it ran
 * @param error what the last attempt that failed ended with
 * @param payload as it was kept, in JSON
 */
public record DeadDelivery(
        URI source,
        String eventId,
        String eventName,
        Optional<String> key,
        String listener,
        State state,
        DeadReason reason,
        int attempts,
        int crashes,
        Optional<String> error,
        String payload) {}
