package dev.convoke.journal;

import dev.convoke.event.EventType;

/**
 * Changes the text of payloads on its way into the database and back, as encryption or compression does:
 * {@code JournalOptions.defaults().codec(codec)}.
 *
 * <p>The text is JSON, or what a {@link PayloadFormat} makes. Upcasters get what {@link #decode} returns. Dead deliveries show the
 * stored text. The error of a payload that cannot be read may quote a value of it, and is stored beside the delivery.
 *
 * <p>Has to be thread-safe: {@link #encode} and {@link #decode} run on publishers' threads, {@link #decode} also on a thread of the
 * journal's. Both have to be quick, as neither thread does anything else meanwhile.
 */
public interface PayloadCodec {
    /**
     * Returns the text to store. Called on the publisher's thread; the journal then calls {@link #decode} and rejects the
     * publication unless that returns the same text.
     *
     * @throws Exception if it cannot; the publication is rejected
     */
    String encode(EventType<?> type, String text) throws Exception;

    /**
     * Returns the text that was encoded, maybe by an older version of the application.
     *
     * @throws Exception if it cannot; the delivery waits as UNREADABLE for a process that can
     */
    String decode(EventType<?> type, String stored) throws Exception;
}
