package dev.convoke.listener;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Optional;

/**
 * One subscribed listener, as it was when asked.
 *
 * @param id the listener's id: its name, or {@code <event>#<n>}
 * @param event the event's name
 * @param payloadType the payload type that the event's name is bound to
 * @param inline whether it runs on the publisher's thread
 * @param timeout after what time a delivery times out; empty means never
 */
public record ListenerInfo(String id, String event, Type payloadType, boolean inline, Optional<Duration> timeout) {}
