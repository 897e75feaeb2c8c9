package dev.convoke.benchmarks.jmh;

import dev.convoke.benchmarks.bus.Bus;
import dev.convoke.benchmarks.bus.Subjects;
import dev.convoke.benchmarks.load.Batch;
import dev.convoke.benchmarks.load.Delivered;
import dev.convoke.benchmarks.load.Payload;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
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
 * Four publishers of events with one of 1,000 keys each, and one listener on a pool, which keeps the order of each key or
 * does not. A publisher awaits each 64 of its events.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KeyedBenchmark {
    private static final int BATCH = 64;

    @Param("Convoke ordered")
    public String subject;

    @Param("1000")
    public int keys;

    private Bus bus;

    @Setup
    public void subscribe() {
        bus = Subjects.handOff(subject);
        bus.subscribe(0, new Delivered());
        bus.start();
    }

    /** One of the threads, with payloads of its own. */
    @State(Scope.Thread)
    public static class Publisher {
        private final Batch batch = new Batch();
        private Payload[] payloads;

        @Setup
        public void choose(KeyedBenchmark benchmark) {
            SplittableRandom random =
                    new SplittableRandom(ThreadLocalRandom.current().nextLong());
            payloads = random.ints(1 << 14, 0, benchmark.keys)
                    .mapToObj(key -> new Payload(key, "key-" + key))
                    .toArray(Payload[]::new);
            for (Payload payload : payloads) {
                payload.belongsTo(batch);
            }
        }

        private int next;

        private Payload payload() {
            next = (next + 1) & (payloads.length - 1);
            return payloads[next];
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void publish(Publisher publisher) {
        publisher.batch.start(BATCH);
        for (int i = 0; i < BATCH; i++) {
            bus.publish(publisher.payload());
        }
        publisher.batch.await();
    }

    @TearDown
    public void close() throws Exception {
        bus.close();
    }
}
