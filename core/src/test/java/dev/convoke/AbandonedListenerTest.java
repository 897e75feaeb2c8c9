package dev.convoke;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.testing.StubbornMain;
import dev.convoke.testing.Waiting;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A process whose listeners never end. */
class AbandonedListenerTest {
    private static Process start(Class<?> main) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), main.getName())
                .redirectErrorStream(true)
                .start();
    }

    @Test
    @DisplayName(
            "P10: listeners that ignore interruption are abandoned, with their stacks, and do not keep the process alive")
    void P10_the_process_can_exit() throws Exception {
        Process process = start(StubbornMain.class);
        try {
            boolean exited = process.waitFor(Waiting.LONG.toSeconds(), TimeUnit.SECONDS);
            assertThat(exited).as("it exits by itself").isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(new String(process.getInputStream().readAllBytes(), UTF_8).lines())
                    .contains("abandoned: spins", "abandoned: parks", "  at parkForEver", "  at lambda$stubborn$0");
        } finally {
            process.destroyForcibly();
        }
    }
}
