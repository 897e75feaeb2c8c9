package dev.convoke.journal.internal;

import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import java.net.URI;
import java.time.Instant;
import java.util.Objects;
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
    /** What an index of PostgreSQL's has room for, together with the source, whatever characters these are of. */
    private static final int LONGEST_ID = 255;

    /** What an index of PostgreSQL's has room for, together with the id. */
    private static final int LONGEST_SOURCE = 512;

    private static final int LONGEST_KEY = 16_384;

    private static final int SHIFT = 31;

    /** @throws IllegalArgumentException if it cannot be stored as it is; nothing of it has been sent to the database */
    static StoredEvent of(Event<?> event, Payloads payloads) {
        requireStorable("name", event.type().name(), LONGEST_ID, event);
        requireStorable("id", event.id(), LONGEST_ID, event);
        requireStorable("source", event.source().toString(), LONGEST_SOURCE, event);
        requireStorable("parent's id", event.parentId().orElse(""), LONGEST_ID, event);
        requireStorable("key", event.key().orElse(""), LONGEST_KEY, event);
        StoredEvent stored = made(event, payloads);
        requireStorable("payload", stored.payload, Integer.MAX_VALUE, event);
        requireStorable("attributes", stored.attributes, Integer.MAX_VALUE, event);
        return stored;
    }

    /** Half a character of UTF-16 would be another one when it comes back. */
    static boolean hasHalves(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static void requireStorable(String what, String text, int longest, Event<?> event) {
        String trouble = null;
        if (text.length() > longest) {
            trouble = " has " + text.length() + " characters, and the journal takes " + longest;
        } else if (text.indexOf('\0') >= 0) {
            trouble =
                    " has a NUL character (U+0000) at index " + text.indexOf('\0') + ", which PostgreSQL cannot store";
        } else if (hasHalves(text)) {
            trouble = " has half a character of UTF-16, which no database can store";
        }
        if (trouble != null) {
            throw new IllegalArgumentException(
                    "the " + what + " of an event " + event.type().name() + trouble);
        }
    }

    private static StoredEvent made(Event<?> event, Payloads payloads) {
        String payload = payloads.write(event.type(), event.payload());
        String attributes = payloads.writeAttributes(event.attributes());
        payloads.requireBounded(event.type(), payload, attributes);
        return new StoredEvent(
                event.source().toString(),
                event.id(),
                event.type().name(),
                event.key().orElse(null),
                event.time().toEpochMilli(),
                payloads.versionOf(event.type().name()),
                payload,
                attributes,
                event.parentId().orElse(null),
                fingerprint(event.key().orElse(null), payloads.textOf(event.type(), payload)));
    }

    /** The same for the same key and payload, in every process. */
    private static long fingerprint(@Nullable String key, String payload) {
        return Lane.seed(payload) * SHIFT + (key == null ? 0 : Lane.seed(key));
    }

    /** Whether it is the same event, published again: this key and this payload under one name. */
    boolean isSame(StoredEvent other, Payloads payloads) {
        return name.equals(other.name)
                && version == other.version
                && Objects.equals(key, other.key)
                && (fingerprint == other.fingerprint || payloads.areSame(name, version, payload, other.payload));
    }

    /** The same event under another id. */
    StoredEvent withId(String id) {
        return new StoredEvent(source, id, name, key, publishedAt, version, payload, attributes, parentId, fingerprint);
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
