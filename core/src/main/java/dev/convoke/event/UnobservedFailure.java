package dev.convoke.event;

/**
 * A failure that nobody looked at: neither outcome, gather, first nor await was asked for in time.
 *
 * @param event the event that was published
 * @param listener the listener's id; empty where the publication as a whole was refused
 * @param cause the listener's exception, or one that stands for a time-out, a rejection or a refusal
 */
public record UnobservedFailure(Event<?> event, String listener, Throwable cause) {}
