package dev.convoke.journal.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills processes that publish and handle, and looks what is left. {@code -Dconvoke.crash.kills=200} kills more often. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@Tag("everyday")
abstract class CrashContract {
    private static final int KILLS = Integer.getInteger("convoke.crash.kills", 5);
    private static final long SEED = Long.getLong("convoke.crash.seed", System.nanoTime());

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private Store store;

    final Store store() {
        return store;
    }

    /** A database that is empty. */
    abstract Store create() throws Exception;

    @BeforeEach
    void prepare() throws Exception {
        store = create();
        store.journal(); // which makes the tables; a bystander from then on
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

    @Test
    @DisplayName(
            "D8, D9: another process goes on beside a frozen one, and when that wakes, its late results change nothing")
    void a_frozen_process_changes_nothing_when_it_wakes() throws Exception {
        Process frozen = begin("frozen", modeToFreeze());
        await().until(() -> Lines.of(directory.resolve("log")).size() > 20);
        freezeBetweenTransactions(frozen);
        Process other = begin("other", "publish");
        awaitTheOther();
        signal("CONT", frozen);
        int before = Lines.of(directory.resolve("log")).size();
        await().until(() -> Lines.of(directory.resolve("log")).size() > before + 20);
        frozen.destroyForcibly().waitFor();
        other.destroyForcibly().waitFor();
        drain();

        Checker.Report report = Checker.check(store, directory, 3);

        assertThat(report.faults()).isEmpty();
    }

    @Test
    @DisplayName(
            "D8, D10: two processes share the work and do nothing twice, and one goes on alone when the other is killed")
    void two_processes_share_the_work() throws Exception {
        Process one = begin("one", "publish");
        Process two = begin("two", "publish");
        await().until(() -> Lines.of(directory.resolve("log")).size() > 200);
        Checker.Report undisturbed = Checker.check(store, directory, 0);
        long killedAt = System.nanoTime();
        one.destroyForcibly().waitFor();
        await().atMost(20, TimeUnit.SECONDS).until(() -> owners() == 1);
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - killedAt);
        two.destroyForcibly().waitFor();
        drain();

        assertThat(undisturbed.twice().values())
                .as("handled twice without a fault")
                .containsOnly(0);
        assertThat(seconds).as("the session's second, and two").isLessThanOrEqualTo(3);
        assertThat(Checker.check(store, directory, 2).faults()).isEmpty();
    }

    /** Waits until the other one has done what there is to be done beside a frozen process. */
    abstract void awaitTheOther() throws Exception;

    /** How a process works that is going to be frozen. */
    abstract String modeToFreeze();

    /** One that has SQLite's file for itself would keep all others waiting until it wakes. */
    private void freezeBetweenTransactions(Process process) throws Exception {
        stop(process);
        while (!store.canBeWritten()) {
            signal("CONT", process);
            await().pollDelay(Duration.ofMillis(random.nextInt(10))).until(process::isAlive);
            stop(process);
        }
    }

    /** Returns when every thread of the process stands still: the signal alone does not wait for that. */
    private static void stop(Process process) throws Exception {
        signal("STOP", process);
        await().until(() -> threads(process).stream().allMatch(CrashContract::isStopped));
    }

    private static List<Path> threads(Process process) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            return threads.toList();
        }
    }

    private static boolean isStopped(Path thread) {
        try {
            return Files.readString(thread.resolve("status")).contains("State:\tT");
        } catch (IOException ended) {
            return true;
        }
    }

    private static void signal(String signal, Process process) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** How many processes are taken to be alive, once what dead ones had is taken over. */
    final long owners() throws SQLException {
        long left = store.count("SELECT count(*) FROM convoke_delivery WHERE state = 'RUNNING'"
                + " AND session NOT IN (SELECT id FROM convoke_session)");
        return left + store.count("SELECT count(*) FROM convoke_session");
    }

    /** Until more is accepted than before. */
    final void awaitMore() throws IOException {
        long before = logged("accepted");
        await().atMost(30, TimeUnit.SECONDS).until(() -> logged("accepted") > before + 20);
    }

    /** How many lines of this kind processes have written. */
    final long logged(String kind) throws IOException {
        return Lines.of(directory.resolve("log")).stream()
                .filter(line -> line.startsWith(kind))
                .count();
    }

    final void drain() throws Exception {
        Process process = begin("last", "drain");
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("drained").isTrue();
        assertThat(process.exitValue()).isZero();
    }

    /** Returns when the process has begun. */
    final Process begin(String run, String mode) throws IOException {
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
