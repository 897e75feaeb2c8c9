package dev.convoke.event;

import java.net.URI;

/**
 * Says that a publication was accepted, under the identity of its event.
 *
 * @param source the event's source
 * @param eventId the event's id, unique within the source
 */
public record Receipt(URI source, String eventId) {}
