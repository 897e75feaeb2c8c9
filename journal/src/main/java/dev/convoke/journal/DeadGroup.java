package dev.convoke.journal;

/**
 * Dead deliveries of one listener that have one cause.
 *
 * @param error the first line of what they failed with; empty where there was nothing
 */
public record DeadGroup(String listener, DeadReason reason, String error, long deliveries) {
    /** Those deliveries. */
    public DeadSelection selection() {
        return DeadSelection.all().listener(listener).reason(reason).error(error);
    }
}
