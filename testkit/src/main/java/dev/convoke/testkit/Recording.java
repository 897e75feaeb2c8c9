package dev.convoke.testkit;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.Outcome;
import java.util.List;
import java.util.Optional;

/**
 * One publication, as far as it had come when it was asked for.
 *
 * <p>Thread-safe: immutable.
 *
 * @param event what was published
 * @param listeners to how many listeners
 * @param unresolved the ids of listeners that were started and have no result, in the order they were started
 * @param results the results so far, in the order of time; that of a durable listener says whether the journal has accepted the
 *     event. How the deliveries end that the journal makes then is not recorded: they may be made in any process
 * @param lateCompletions how many listeners ended after they had been timed out or cancelled
 * @param outcome its outcome, empty while it is unfinished
 */
public record Recording(
        Event<?> event,
        int listeners,
        List<String> unresolved,
        List<DeliveryResult> results,
        int lateCompletions,
        Optional<Outcome> outcome) {
    /** Copies of the lists are kept. */
    public Recording {
        unresolved = List.copyOf(unresolved);
        results = List.copyOf(results);
    }

    /** Whether it has its outcome. */
    public boolean isFinished() {
        return outcome.isPresent();
    }
}
