package dev.convoke.internal.bind;

import dev.convoke.event.EventType;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;

/**
 * What a listener method became: all that a subscription needs. Thread-safe: immutable.
 *
 * @param type the event's, with the payload type that the method asks for
 * @param listener takes payloads of that type
 */
public record Binding(EventType<Object> type, AsyncListener<Object> listener, ListenerOptions options) {}
