package dev.convoke.benchmarks.jmh;

import dev.convoke.benchmarks.bus.AwaitedBus;
import dev.convoke.benchmarks.bus.Subjects;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Tally;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Publishing to 1, 4 and 16 listeners that run on other threads, and waiting for them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AwaitBenchmark {
    @Param("Convoke")
    public String subject;

    @Param("1")
    public int listeners;

    private final Payload payload = new Payload(1);
    private AwaitedBus bus;

    @Setup
    public void subscribe() {
        bus = Subjects.awaited(subject);
        for (int i = 0; i < listeners; i++) {
            bus.subscribe(i, new Tally());
        }
        bus.start();
    }

    @Benchmark
    public void publish() throws Exception {
        bus.publishAndWait(payload);
    }

    @TearDown
    public void close() throws Exception {
        bus.close();
    }
}
