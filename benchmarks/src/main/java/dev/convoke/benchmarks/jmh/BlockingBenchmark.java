package dev.convoke.benchmarks.jmh;

import dev.convoke.benchmarks.bus.AwaitedBus;
import dev.convoke.benchmarks.bus.Subjects;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Sleep;
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

/**
 * Publishing to 16 listeners that block for 1 ms each, and waiting for them: by one publisher, which shows how concurrent
 * the listeners are, and by 64 at once, which shows how many events come through.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BlockingBenchmark {
    private static final int LISTENERS = 16;

    @Param("Convoke")
    public String subject;

    /** As many as there are threads; the runner sees to it. */
    @Param("1")
    public int publishers;

    private final Payload payload = new Payload(1);
    private AwaitedBus bus;

    @Setup
    public void subscribe() {
        bus = Subjects.awaited(subject);
        for (int i = 0; i < LISTENERS; i++) {
            bus.subscribe(i, new Sleep());
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
