package dev.convoke.benchmarks.journal.child;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A child, as the JVM sees it that has started it. The child ends with that JVM, however that ends. Confined to one thread. */
public final class ChildJvm implements AutoCloseable {
    private static final long LONGEST_STEP_NANOS = TimeUnit.MINUTES.toNanos(15);

    private final Job job;
    private final Path traceFile;
    private final Process process;
    private final Map<String, Long> said = new ConcurrentHashMap<>();

    private ChildJvm(Job job) throws IOException {
        this.job = job;
        this.traceFile = Files.createTempFile("convoke-benchmark", ".trace");
        traceFile.toFile().deleteOnExit(); // close() is not called when the run is interrupted
        this.process = new ProcessBuilder(command(job, traceFile))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread reader = new Thread(this::read, "child " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts one, and returns when it is ready to go. */
    public static ChildJvm start(Job job) throws IOException, InterruptedException {
        ChildJvm child = new ChildJvm(job);
        try {
            child.await("ready");
            return child;
        } catch (IllegalStateException | InterruptedException e) {
            child.close();
            throw e;
        }
    }

    /** With this JVM's own options. */
    private static List<String> command(Job job, Path traceFile) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ChildMain.class.getName()));
        command.addAll(List.of(job.json(), traceFile.toString()));
        return command;
    }

    private void read() {
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("@")) {
                    String[] words = line.substring(1).split(" ", 2);
                    said.put(words[0], words.length > 1 ? Long.parseLong(words[1]) : 0);
                }
            }
        } catch (IOException e) {
            said.put("ended", 0L); // by close(), while this was reading
        }
    }

    /** Lets it begin. */
    public void go() throws IOException {
        tell("go");
    }

    /** Returns when its listeners are subscribed. */
    public void awaitListening() throws InterruptedException {
        await("listening");
    }

    /** Returns how many events it has published, when it has. */
    public long awaitPublished() throws InterruptedException {
        return await("published");
    }

    /** Returns when it has counted statements. */
    public void awaitCounted() throws InterruptedException {
        await("counted");
    }

    /** How many deliveries it had made a moment ago. */
    public long delivered() {
        return said.getOrDefault("delivered", 0L);
    }

    /** Ends it and returns what happened. */
    public Trace stop() throws IOException, InterruptedException {
        tell("stop");
        if (!process.waitFor(LONGEST_STEP_NANOS, TimeUnit.NANOSECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException("did not stop: " + job);
        }
        return Trace.read(traceFile);
    }

    private void tell(String what) throws IOException {
        process.getOutputStream().write((what + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    private long await(String what) throws InterruptedException {
        long end = System.nanoTime() + LONGEST_STEP_NANOS;
        while (!said.containsKey(what)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("did not come to be " + what + ": " + job);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return said.getOrDefault(what, 0L);
    }

    /** Ends it at once if it still runs. */
    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(traceFile);
    }
}
