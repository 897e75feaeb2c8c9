package dev.convoke.benchmarks.jmh;

import dev.convoke.benchmarks.bus.Retained;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The memory that a million of something keeps: the heap in use after full collections, with it and without it.
 *
 * @see Retained what is counted
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class RetainedBenchmark {
    private static final int COLLECTIONS = 4;

    @Param("subscription")
    public String subject;

    @Param("1000000")
    public int things;

    /** What JMH reports beside the time. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Memory {
        public long retained;
    }

    @Benchmark
    public Object retain(Memory memory) {
        Retained retained = Retained.named(subject);
        retained.prepare(things);
        long before = usedHeap();
        retained.fill();
        memory.retained = (usedHeap() - before) / things;
        return retained;
    }

    private static long usedHeap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
