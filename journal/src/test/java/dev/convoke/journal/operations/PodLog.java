package dev.convoke.journal.operations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one process writes down about itself: {@code KIND NANOS WORD…}, a line in one write, so that the system has it or has it not
 * when the process is killed. All processes of a machine have the same {@link System#nanoTime}. {@link History} reads it.
 *
 * <p>Thread-safe.
 */
final class PodLog {
    static final String SUFFIX = ".log";

    private final FileChannel channel;
    private final AtomicLong runs = new AtomicLong();

    PodLog(Path directory, String incarnation) throws IOException {
        channel = FileChannel.open(
                directory.resolve(incarnation + SUFFIX), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** The process has all its listeners. */
    void up() {
        add("up");
    }

    /** The process publishes no more, and all that it published is answered. */
    void silent() {
        add("silent");
    }

    /** The process has closed its coordinator. */
    void down() {
        add("down");
    }

    /** The process has stood still since then, by no fault of ours: the machine was too busy. */
    void stalled(long since) {
        add("stalled", Long.toString(since));
    }

    /** An event is about to be published. */
    void begun(String event, String key, Publishing how) {
        add("begun", event, key, how.name());
    }

    /** The publisher was told this about an event. */
    void told(Answer answer, String event) {
        add("told", answer.name(), event);
    }

    /** The publisher was told this about an event, and why. */
    void told(Answer answer, String event, Throwable why) {
        add("told", answer.name(), event, String.valueOf(why).replaceAll("\\s+", "_"));
    }

    /** A listener begins with a delivery; the number tells its {@link #ended}. */
    long started(String listener, String event, int attempt) {
        long run = runs.incrementAndGet();
        add("started", Long.toString(run), listener, event, Integer.toString(attempt));
        return run;
    }

    /** A listener has ended, well or not. */
    void ended(long run, boolean well) {
        add("ended", Long.toString(run), well ? "well" : "badly");
    }

    private void add(String kind, String... words) {
        String line = kind + " " + System.nanoTime() + " " + String.join(" ", words) + "\n";
        try {
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
