package dev.convoke.journal;

/**
 * A durable listener, and what is kept for it.
 *
 * @param subscribedTo the event's name, or the pattern
 * @param isOrphaned whether no living process has it
 * @param open deliveries that are neither done nor dead
 * @param dead deliveries that are not tried again
 */
public record DurableListenerStatus(String listener, String subscribedTo, boolean isOrphaned, long open, long dead) {}
