package dev.convoke.event;

import dev.convoke.internal.check.Check;
import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One published event: its payload in an envelope.
 *
 * <p>Thread-safe: immutable, but for the payload, which is the publisher's own object. Two events are equal when their
 * identity is: source and id.
 *
 * @param <E> the payload type
 */
public final class Event<E> {
    private final String id;
    private final EventType<E> type;
    private final E payload;
    private final @Nullable String key;
    private final URI source;
    private final Instant time;
    private final Map<String, String> attributes;
    private final @Nullable String parentId;

    /** An event made of these parts; the coordinator makes those that it publishes. */
    public Event(
            String id,
            EventType<E> type,
            E payload,
            @Nullable String key,
            URI source,
            Instant time,
            Map<String, String> attributes,
            @Nullable String parentId) {
        this.id = Check.name("event id", id);
        this.type = Check.present("event type", type);
        this.payload = Check.present("payload", payload);
        this.key = key;
        this.source = Check.present("source", source);
        this.time = Check.present("time", time);
        this.attributes =
                attributes.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        this.parentId = parentId;
    }

    /** The id, unique within the source. */
    public String id() {
        return id;
    }

    /** The name and the payload type. */
    public EventType<E> type() {
        return type;
    }

    /** The key that ordered listeners go by, if it has one. */
    public Optional<String> key() {
        return Optional.ofNullable(key);
    }

    /** Where it was published. */
    public URI source() {
        return source;
    }

    /** When it was published; where all listeners completed on the publisher's thread, when somebody first asked. */
    public Instant time() {
        return time;
    }

    /** What was published. */
    public E payload() {
        return payload;
    }

    /**
     * The publisher's own attributes, unmodifiable; where the event went to a journal, also what context carriers have written
     * there.
     */
    public Map<String, String> attributes() {
        return attributes;
    }

    /** The id of the event whose listener published this one, if one did. */
    public Optional<String> parentId() {
        return Optional.ofNullable(parentId);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Event<?> that && id.equals(that.id) && source.equals(that.source);
    }

    @Override
    public int hashCode() {
        return 31 * id.hashCode() + source.hashCode();
    }

    @Override
    public String toString() {
        return type.name() + "[" + id + "]";
    }
}
