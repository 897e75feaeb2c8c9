package dev.convoke.benchmarks.jmh;

import dev.convoke.benchmarks.bus.Bus;
import dev.convoke.benchmarks.bus.Feature;
import dev.convoke.benchmarks.load.Payload;
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

/** Publishing to one inline listener with one feature of Convoke's in use. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FeatureInlineBenchmark {
    @Param("none")
    public String subject;

    @Param("1")
    public int listeners;

    private final Payload payload = new Payload(1);
    private Bus bus;

    @Setup
    public void subscribe() throws Exception {
        bus = Mixed.bus(Feature.named(subject)::inline, listeners);
    }

    @Benchmark
    public Object publish() {
        return bus.publish(payload);
    }

    @TearDown
    public void close() throws Exception {
        bus.close();
    }
}
