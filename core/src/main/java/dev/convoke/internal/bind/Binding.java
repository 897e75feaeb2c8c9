package dev.convoke.internal.bind;

import dev.convoke.event.EventType;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import org.jspecify.annotations.Nullable;

/**
 * What a listener method became: all that a subscription needs. Thread-safe: immutable.
 *
 * @param event its name, or a pattern
 * @param type the event's, with the payload type that the method asks for; null where it is a pattern
 * @param listener takes payloads of that type; where it is a pattern, whatever it is given with the context
 */
public record Binding(
        String event, @Nullable EventType<Object> type, AsyncListener<Object> listener, ListenerOptions options) {}
