package dev.convoke.journal.operations;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A process that is started again whenever it has ended; each time it has another name: {@code p1.1}, {@code p1.2}. Whoever does something to
 * it holds its {@link #lock}.
 */
final class Pod {
    /** How long an orderly end may take: publishers finish their transaction, listeners their delivery. */
    static final long GRACE_SECONDS = 30;

    private static final long START_SECONDS = 30;
    private static final long RESTART_MILLIS = 300;

    private final String name;
    private final String database;
    private final Path directory;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Class<?> program;
    private final AtomicInteger incarnations = new AtomicInteger();
    private volatile Process process;

    Pod(String name, String database, Path directory, Class<?> program) {
        this.name = name;
        this.database = database;
        this.directory = directory;
        this.program = program;
    }

    ReentrantLock lock() {
        return lock;
    }

    /** The process that runs now. */
    String incarnation() {
        return name + "." + incarnations;
    }

    /** Which program it runs from the next start on. */
    void program(Class<?> next) {
        program = next;
    }

    /**
     * Starts it; again, where it ends before it is ready, as when its database is not there. Returns when it is ready.
     *
     * @throws CannotStartException if it is not for so long that somebody would have to help
     */
    void start() throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!startOnce()) {
            if (System.nanoTime() > until) {
                throw new CannotStartException(incarnation() + " cannot start: " + output());
            }
            Pause.millis(RESTART_MILLIS);
        }
    }

    /** Nobody who only starts it again gets it to work. */
    static final class CannotStartException extends IOException {
        private static final long serialVersionUID = 1L;

        CannotStartException(String message) {
            super(message);
        }
    }

    private boolean startOnce() throws IOException {
        incarnations.incrementAndGet();
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx160m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dslf4j.internal.verbosity=ERROR", // HikariCP has nowhere to log to
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName(),
                        database,
                        directory.toString(),
                        incarnation()))
                .redirectErrorStream(true)
                .redirectOutput(outputFile().toFile())
                .start();
        await().atMost(Duration.ofSeconds(60)).pollInSameThread().until(() -> isUp() || !process.isAlive());
        return process.isAlive();
    }

    private Path outputFile() {
        return directory.resolve(incarnation() + ".out");
    }

    /** How what it printed begins. */
    private String output() throws IOException {
        try (Stream<String> lines = Files.lines(outputFile())) {
            return lines.limit(3).collect(Collectors.joining(" "));
        }
    }

    private boolean isUp() throws IOException {
        Path log = directory.resolve(incarnation() + PodLog.SUFFIX);
        return Files.exists(log) && Files.readString(log).contains("up ");
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Publishes no more. */
    void quiet() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Asks it to end, and says whether it did. */
    boolean terminate() throws IOException, InterruptedException {
        signal("-TERM"); // Process.destroy() closes standard input, too
        return process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
    }

    void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill " + signal + " of " + incarnation() + " ended with " + status);
        }
    }
}
