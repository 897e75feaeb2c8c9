package dev.convoke.internal.dispatch;

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
        @Nullable EventContext causedBy) {
    /** Where an event comes from that names no source. */
    private static final URI HERE = URI.create("/convoke");

    /** Nothing was said. */
    public static final Envelope EMPTY = new Envelope(null, null, null, Map.of(), null, null);

    URI sourceOrDefault() {
        return source == null ? HERE : source;
    }
}
