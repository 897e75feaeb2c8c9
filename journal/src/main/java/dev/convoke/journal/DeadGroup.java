package dev.convoke.journal;

/**
 * Dead deliveries of one listener that have one cause.
 *
 * @param listener the listener's current name
 * @param error the first line of what they failed with; empty if there is no such text
 */
public record DeadGroup(String listener, DeadReason reason, String error, long deliveries) {
    /** Selects exactly the deliveries of this group. */
    public DeadSelection selection() {
        return DeadSelection.all().listener(listener).reason(reason).errorLine(error);
    }
}
