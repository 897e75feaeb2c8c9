package dev.convoke.internal.dispatch;

import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.listener.EventContext;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher said about a publication, beside its type and payload; null where nothing was said.
 *
 * <p>Thread-safe: immutable.
 */
public record Envelope(
        @Nullable String id,
        @Nullable String key,
        @Nullable URI source,
        Map<String, String> attributes,
        @Nullable Duration deadline,
        @Nullable EventContext causedBy,
        Order order) {
    /** How the listeners are started. */
    public enum Order {
        /** All at once. */
        CONCURRENT,
        /** One after another. */
        ONE_BY_ONE,
        /** One after another, and no more after a failure. */
        UNTIL_FAILURE
    }

    /** Where an event comes from that names no source. */
    static final URI HERE = URI.create("/convoke");

    /** Nothing was said. */
    public static final Envelope EMPTY = new Envelope(null, null, null, Map.of(), null, null, Order.CONCURRENT);

    /** This, and what is said of the event. */
    public Envelope saying(
            @Nullable String id, @Nullable String key, @Nullable URI source, Map<String, String> attributes) {
        return new Envelope(id, key, source, attributes, deadline, causedBy, order);
    }

    /** This, and how much time there is. */
    public Envelope within(Duration deadline) {
        return new Envelope(id, key, source, attributes, deadline, causedBy, order);
    }

    /** This, and in which delivery it happens. */
    public Envelope inside(EventContext causedBy) {
        return new Envelope(id, key, source, attributes, deadline, causedBy, order);
    }

    /** This, and how the listeners are started. */
    public Envelope startedBy(Order order) {
        return new Envelope(id, key, source, attributes, deadline, causedBy, order);
    }

    /** What an event's publisher had said. */
    static Envelope of(Event<?> event) {
        return new Envelope(
                event.id(), event.key().orElse(null), event.source(), event.attributes(), null, null, Order.CONCURRENT);
    }

    /** The key that was said, or else the type's own. */
    public <E> @Nullable String keyOf(EventType<E> type, E payload) {
        return key != null || !type.isKeyed() ? key : type.keyOf(payload).orElse(null);
    }

    /** The source that was said, or else that of every coordinator. */
    public URI sourceOrDefault() {
        return source == null ? HERE : source;
    }
}
