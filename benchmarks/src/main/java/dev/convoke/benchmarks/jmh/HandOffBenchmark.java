package dev.convoke.benchmarks.jmh;

import dev.convoke.benchmarks.bus.Bus;
import dev.convoke.benchmarks.bus.Subjects;
import dev.convoke.benchmarks.load.Batch;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Quota;
import java.util.ArrayList;
import java.util.List;
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
 * Publishing to 4 listeners that run on other threads: batches of 128 events, each awaited as a whole, so that there is
 * always something to do and never an endless queue. The score is for one event.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HandOffBenchmark {
    private static final int BATCH = 128;

    @Param("Convoke")
    public String subject;

    @Param("4")
    public int listeners;

    private final Payload payload = new Payload(1);
    private final Batch batch = new Batch();
    private final List<Quota> quotas = new ArrayList<>();
    private Bus bus;

    @Setup
    public void subscribe() {
        bus = create();
        for (int i = 0; i < listeners; i++) {
            Quota quota = new Quota(batch);
            quotas.add(quota);
            bus.subscribe(i, quota);
        }
        bus.start();
    }

    Bus create() {
        return Subjects.handOff(subject);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void publish() {
        batch.start(listeners);
        for (Quota quota : quotas) {
            quota.expect(BATCH);
        }
        for (int i = 0; i < BATCH; i++) {
            bus.publish(payload);
        }
        batch.await();
    }

    @TearDown
    public void close() throws Exception {
        bus.close();
    }
}
