package dev.convoke.event;

import java.time.Duration;
import java.util.List;

/**
 * A delivery that has been running for longer than the slow threshold, and still is.
 *
 * @param event the event that was published
 * @param listener the listener's id
 * @param running for how long, so far
 * @param stack where its thread stands; empty where the listener has returned and its stage is awaited
 */
public record SlowDelivery(Event<?> event, String listener, Duration running, List<StackTraceElement> stack) {}
