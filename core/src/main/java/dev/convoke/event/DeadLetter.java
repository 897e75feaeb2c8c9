package dev.convoke.event;

import java.time.Instant;

/**
 * A delivery that is out of attempts.
 *
 * @param id unique within its coordinator
 * @param event what was published
 * @param listener the listener's id
 * @param attempts how often the listener was tried
 * @param cause what the last attempt failed with; a {@link java.util.concurrent.TimeoutException} where it did not end in
 *     time
 * @param time when that was
 */
public record DeadLetter(String id, Event<?> event, String listener, int attempts, Throwable cause, Instant time) {}
