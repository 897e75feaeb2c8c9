package dev.convoke.benchmarks.jmh;

import dev.convoke.benchmarks.bus.Bus;
import dev.convoke.benchmarks.bus.Subjects;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Unfinished;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Publishing to 16 inline listeners whose stages are completed afterwards, and awaiting the future for all of them. The
 * score is for one listener, the stage that it makes included.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JoinBenchmark {
    private static final int LISTENERS = 16;

    @Param("Convoke")
    public String subject;

    @Param("16")
    public int listeners;

    private final Payload payload = new Payload(1);
    private final Unfinished[] bodies = new Unfinished[LISTENERS];
    private Bus bus;

    @Setup
    public void subscribe() {
        bus = Subjects.pending(subject);
        for (int i = 0; i < LISTENERS; i++) {
            bodies[i] = new Unfinished();
            bus.subscribe(i, bodies[i]);
        }
        bus.start();
    }

    @Benchmark
    @OperationsPerInvocation(LISTENERS)
    public Object publish() {
        CompletableFuture<?> all = (CompletableFuture<?>) bus.publish(payload);
        for (Unfinished body : bodies) {
            body.finish();
        }
        return all.join();
    }

    @TearDown
    public void close() throws Exception {
        bus.close();
    }
}
