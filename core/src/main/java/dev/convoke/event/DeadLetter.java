package dev.convoke.event;

import java.time.Instant;

/**
 * A delivery that was tried, and is not tried again: out of attempts, or cut off from another one by its policy's predicate, a
 * deadline, or its listener's being closed or paused.
 *
 * @param id unique within its coordinator, or its journal, whose dead letters have ids that begin with {@code journal:}
 * @param event what was published
 * @param listener the listener's id
 * @param attempts how often the listener was tried
 * @param cause what the delivery failed with: its last attempt's failure, or a
 *     {@link java.util.concurrent.TimeoutException} where that or the publication did not end in time
 * @param time when that was
 */
public record DeadLetter(String id, Event<?> event, String listener, int attempts, Throwable cause, Instant time) {}
