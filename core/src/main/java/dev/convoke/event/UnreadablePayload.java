package dev.convoke.event;

/**
 * Stands for the payload of a journal's dead letter that this process cannot read: it does not know the event's type, or that
 * type does not fit. Nobody publishes it, and no listener receives it.
 *
 * <p>Thread-safe: immutable.
 *
 * @param text the payload as the journal keeps it
 * @param why what is missing here
 */
public record UnreadablePayload(String text, String why) {}
