package dev.convoke.testkit.journal;

import java.time.Duration;
import java.util.Map;

/**
 * How a journal is to work in a test.
 *
 * @param sessionTtl after what time without a sign of life a process is taken for dead
 * @param retention how long an event is remembered whose deliveries are all done
 * @param unreadableGrace how long a delivery that no process can read waits for one that can, before it is dead
 * @param maxBacklog how many deliveries may be open
 * @param maxPayloadBytes how large a payload may be
 * @param renamedListeners what listeners are called now, by what they were called before
 * @param renamedEvents likewise for events
 */
public record JournalSetup(
        Duration sessionTtl,
        Duration retention,
        Duration unreadableGrace,
        long maxBacklog,
        int maxPayloadBytes,
        Map<String, String> renamedListeners,
        Map<String, String> renamedEvents) {
    /** A second to live, a second to wait for who can read, a day of retention, and nothing else that would be noticed. */
    public static final JournalSetup USUAL = new JournalSetup(
            Duration.ofSeconds(1),
            Duration.ofDays(1),
            Duration.ofSeconds(1),
            Long.MAX_VALUE,
            1 << 20,
            Map.of(),
            Map.of());

    JournalSetup retaining(Duration time) {
        return new JournalSetup(
                sessionTtl, time, unreadableGrace, maxBacklog, maxPayloadBytes, renamedListeners, renamedEvents);
    }

    JournalSetup maxBacklog(long deliveries) {
        return new JournalSetup(
                sessionTtl, retention, unreadableGrace, deliveries, maxPayloadBytes, renamedListeners, renamedEvents);
    }

    JournalSetup maxPayloadBytes(int bytes) {
        return new JournalSetup(
                sessionTtl, retention, unreadableGrace, maxBacklog, bytes, renamedListeners, renamedEvents);
    }

    JournalSetup renamedListener(String before, String now) {
        return new JournalSetup(
                sessionTtl,
                retention,
                unreadableGrace,
                maxBacklog,
                maxPayloadBytes,
                Map.of(before, now),
                renamedEvents);
    }

    JournalSetup renamedEvent(String before, String now) {
        return new JournalSetup(
                sessionTtl,
                retention,
                unreadableGrace,
                maxBacklog,
                maxPayloadBytes,
                renamedListeners,
                Map.of(before, now));
    }
}
