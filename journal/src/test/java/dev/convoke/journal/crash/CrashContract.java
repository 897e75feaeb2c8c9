package dev.convoke.journal.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills processes that publish and handle, and looks what is left. {@code -Dconvoke.crash.kills=200} kills more often. */
abstract class CrashContract {
    private static final int KILLS = Integer.getInteger("convoke.crash.kills", 5);
    private static final long SEED = Long.getLong("convoke.crash.seed", System.nanoTime());

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private Store store;

    /** A database that is empty. */
    abstract Store create() throws Exception;

    @BeforeEach
    void prepare() throws Exception {
        store = create();
        store.journal(); // which makes the tables, and stays open
        store.createEffects();
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    @DisplayName(
            "D1-D6, D10: of a process that is killed at random moments nothing accepted is lost, nothing is invented")
    void nothing_is_lost_when_a_process_is_killed() throws Exception {
        for (int i = 0; i < KILLS; i++) {
            Process process = begin("r" + i, "publish");
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1_000)); // the random moment
            process.destroyForcibly().waitFor();
        }
        drain();

        Checker.Report report = Checker.check(store, directory, KILLS);

        System.out.println("seed " + SEED + ", " + KILLS + " kills: " + report);
        assertThat(report.faults()).as("seed " + SEED).isEmpty();
        assertThat(report.accepted()).isGreaterThan(KILLS);
    }

    private void drain() throws Exception {
        Process process = begin("last", "drain");
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("drained").isTrue();
        assertThat(process.exitValue()).isZero();
    }

    /** Returns when the process has begun. */
    private Process begin(String run, String mode) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingProcess.class.getName(),
                        store.name(),
                        directory.toString(),
                        run,
                        mode))
                .redirectError(directory.resolve("errors").toFile())
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        assertThat(output.readLine())
                .as(() -> "its first line; its errors are " + errors())
                .isEqualTo("ready");
        return process;
    }

    private List<String> errors() {
        try {
            return Lines.of(directory.resolve("errors"));
        } catch (IOException e) {
            return List.of("not to be read: " + e);
        }
    }
}
