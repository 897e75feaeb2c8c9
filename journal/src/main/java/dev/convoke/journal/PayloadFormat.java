package dev.convoke.journal;

import dev.convoke.event.EventType;

/**
 * Writes payloads as text of another kind than JSON, and reads them: {@code JournalOptions.defaults().format(format)}.
 *
 * <p>It replaces JSON for all events, also for those that have a name and arguments only. Upcasters work on JSON, so a journal with
 * a format refuses them: {@link #read} is told the version instead.
 *
 * <p>Has to be thread-safe: both methods run on publishers' threads, {@link #read} also on a thread of the journal's.
 */
public interface PayloadFormat {
    /**
     * Returns the payload as text. Called on the publisher's thread; the journal then calls {@link #read} and rejects the publication
     * unless that returns an equal object.
     *
     * @throws Exception if it cannot; the publication is rejected
     */
    String write(EventType<?> type, Object payload) throws Exception;

    /**
     * Returns an object that equals the one that was written.
     *
     * @param version what {@link JournalOptions#version} said when it was published
     * @throws Exception if it cannot; the delivery waits as UNREADABLE for a process that can
     */
    Object read(EventType<?> type, int version, String text) throws Exception;
}
