package dev.convoke.journal.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convoke.journal.internal.SessionTable.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whom a process takes for dead by its own clock. */
class BeatPresenceTest {
    private static final String OWN = "own";

    private final BeatPresence presence = new BeatPresence(new SessionTable(new FileDatabase(Path.of("unused"))), 10);

    private static Session session(String id, Duration ttl, long beats) {
        return new Session(id, "a process", ttl.toMillis(), beats, 0);
    }

    private List<String> goneAfter(Session... seen) {
        presence.observe(List.of(seen));
        return gone();
    }

    private List<String> gone() {
        return presence.gone(OWN).stream().map(Session::id).toList();
    }

    @Test
    @DisplayName("D8: a process is dead when it was watched for its own TTL without a heartbeat, and no other one is")
    void D8_each_has_its_own_ttl() {
        Duration brief = Duration.ofMillis(200);
        AtomicLong beats = new AtomicLong();

        await().pollInterval(Duration.ofMillis(20))
                .until(() -> !goneAfter(
                                session(OWN, brief, 0),
                                session("silent", brief, 0),
                                session("patient", Duration.ofMinutes(5), 0),
                                session("living", brief, beats.incrementAndGet()))
                        .isEmpty());

        assertThat(gone()).containsExactly("silent");
    }

    @Test
    @DisplayName(
            "D6: a process that could not look for a while takes nobody for dead before it has watched for a TTL again")
    void D6_who_could_not_look_watches_anew() {
        Session other = session("other", Duration.ofMillis(300), 0);
        assertThat(goneAfter(other)).isEmpty();
        await().pollDelay(Duration.ofMillis(1_100)).until(() -> true); // in which the database is away

        assertThat(gone()).as("before it looks again").isEmpty();
        assertThat(goneAfter(other)).as("when it looks again").isEmpty();
        await().pollInterval(Duration.ofMillis(20))
                .until(() -> !goneAfter(other).isEmpty());
    }
}
