package dev.convoke.journal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How turns are taken at a file of SQLite's. */
class FairWaitTest {
    private static final int TIMES = 100;

    @Test
    @DisplayName("a long wait for a file asks for it as often as a short one")
    void it_does_not_become_slower() {
        Duration took = askManyTimes();

        assertThat(took)
                .as("SQLite's own way takes nine seconds")
                .isBetween(Duration.ofMillis(50), Duration.ofSeconds(5));
    }

    @Test
    @DisplayName("a thread that is interrupted waits like any other, and is interrupted afterwards")
    void an_interrupted_thread_waits() {
        Thread.currentThread().interrupt();

        Duration took = askManyTimes();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(took).isGreaterThan(Duration.ofMillis(50));
    }

    private static Duration askManyTimes() {
        FairWait wait = new FairWait(60_000);
        long begun = System.nanoTime();
        for (int i = 0; i < TIMES; i++) {
            assertThat(wait.callback(i)).as("it goes on").isEqualTo(1);
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    @DisplayName("patience ends")
    void patience_ends() {
        assertThat(new FairWait(0).callback(0)).isZero();
    }
}
