package dev.convoke.listener;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Optional;

/**
 * One subscribed listener, as it was when asked.
 *
 * @param id the listener's id: its name, or {@code <event>#<n>}
 * @param event what it was subscribed to: the event's name, the pattern, or the name of the payload's class
 * @param payloadType the payload type that the event's name is bound to, or the payload's class; for a pattern, whose
 *     listeners take payloads of all types, {@link dev.convoke.event.Event}
 * @param timeout after what time an attempt times out, by the listener's options or the coordinator's; empty means never
 * @param paused whether it skips what is published; a paused durable one holds it in the journal instead
 * @param options what it was subscribed with
 */
public record ListenerInfo(
        String id,
        String event,
        Type payloadType,
        Optional<Duration> timeout,
        boolean paused,
        ListenerOptions options) {
    /** Whether it runs on the publisher's thread. */
    public boolean inline() {
        return options.isInline();
    }
}
