package dev.convoke.benchmarks.journal.child;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What happened in a child, in nanoseconds of {@link System#nanoTime}, which all processes of this machine have in common. Events
 * are told apart by their number, and 0 stands for what did not happen.
 *
 * @param begun when the load began
 * @param published when the call to publish an event began
 * @param committed when that call returned
 * @param started when each delivery began, by listener
 * @param repeated how many deliveries were made once more
 * @param misordered how many deliveries began before an earlier one of the customer, or while one ran
 * @param subscribing how long it took until all listeners were subscribed
 * @param statements how many statements were executed while the child was idle
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
public record Trace(
        long begun,
        long[] published,
        long[] committed,
        List<long[]> started,
        long repeated,
        long misordered,
        long subscribing,
        long statements) {
    void write(Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (long each : new long[] {begun, repeated, misordered, subscribing, statements}) {
                out.writeLong(each);
            }
            write(out, published);
            write(out, committed);
            out.writeInt(started.size());
            for (long[] each : started) {
                write(out, each);
            }
        }
    }

    private static void write(DataOutputStream out, long[] times) throws IOException {
        out.writeInt(times.length);
        for (long time : times) {
            out.writeLong(time);
        }
    }

    static Trace read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            long begun = in.readLong();
            long repeated = in.readLong();
            long misordered = in.readLong();
            long subscribing = in.readLong();
            long statements = in.readLong();
            long[] published = times(in);
            long[] committed = times(in);
            long[][] started = new long[in.readInt()][];
            for (int listener = 0; listener < started.length; listener++) {
                started[listener] = times(in);
            }
            return new Trace(
                    begun, published, committed, List.of(started), repeated, misordered, subscribing, statements);
        }
    }

    private static long[] times(DataInputStream in) throws IOException {
        long[] times = new long[in.readInt()];
        for (int i = 0; i < times.length; i++) {
            times[i] = in.readLong();
        }
        return times;
    }
}
