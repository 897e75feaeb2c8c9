package dev.convoke.journal.internal;

import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An event as its row has it. Thread-safe: immutable. */
record StoredEvent(
        String source,
        String eventId,
        String name,
        @Nullable String key,
        long publishedAt,
        int version,
        String payload,
        String attributes,
        @Nullable String parentId,
        long fingerprint) {
    private static final int SHIFT = 31;

    /** @throws IllegalArgumentException if it cannot be kept as it is */
    static StoredEvent of(Event<?> event, Payloads payloads) {
        StoredEvent stored = made(event, payloads);
        requireWhole(stored.source + stored.eventId + stored.key + stored.name, "name, identity or key", stored);
        requireWhole(stored.payload + stored.attributes, "payload or attributes", stored);
        return stored;
    }

    /** Half a character of UTF-16 would be another one when it comes back. */
    static boolean hasHalves(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static void requireWhole(String text, String what, StoredEvent event) {
        if (hasHalves(text)) {
            throw new IllegalArgumentException(
                    "the " + what + " of an event " + event.name + " has half a character of UTF-16");
        }
    }

    private static StoredEvent made(Event<?> event, Payloads payloads) {
        String payload = payloads.write(event.type(), event.payload());
        return new StoredEvent(
                event.source().toString(),
                event.id(),
                event.type().name(),
                event.key().orElse(null),
                event.time().toEpochMilli(),
                payloads.versionOf(event.type().name()),
                payload,
                payloads.writeAttributes(event.attributes()),
                event.parentId().orElse(null),
                fingerprint(event.key().orElse(null), payload));
    }

    /** The same for the same key and payload, in every process. */
    private static long fingerprint(@Nullable String key, String payload) {
        return Lane.seed(payload) * SHIFT + (key == null ? 0 : Lane.seed(key));
    }

    /** The same event under another id. */
    StoredEvent withId(String id) {
        return new StoredEvent(
                source, id, name, key, publishedAt, version, payload, attributes, parentId, fingerprint);
    }

    /** @throws IllegalArgumentException if the payload cannot be read */
    @SuppressWarnings("unchecked") // the payload is read as what the type says
    <E> Event<E> read(EventType<E> type, Payloads payloads) {
        return new Event<>(
                eventId,
                type,
                (E) payloads.read(type, version, payload),
                key,
                URI.create(source),
                Instant.ofEpochMilli(publishedAt),
                payloads.readAttributes(attributes),
                parentId);
    }
}
