package dev.convoke.journal;

/**
 * Deliveries that wait for a process that can read them: those of one event in one version to one listener.
 *
 * @param listener the listener's name
 * @param eventId the id of the oldest of those events
 * @param version of the payload
 * @param error why the last process that tried could not read it
 * @param deliveries how many wait
 */
public record UnreadableDelivery(
        String listener, String eventName, String eventId, int version, String error, long deliveries) {}
