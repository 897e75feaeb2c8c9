package dev.convoke.benchmarks.jmh;

import dev.convoke.benchmarks.bus.Events;
import dev.convoke.benchmarks.bus.Subjects;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Tally;
import java.util.SplittableRandom;
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
 * Publishing one of 10, 10,000 and 1,000,000 events with an inline listener each, picked at random: what finding the
 * listeners costs, from one that is at hand to one that is in no cache.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ManyEventsBenchmark {
    private static final int PICKS = 1 << 20;
    private static final long SEED = 42;

    @Param("Convoke")
    public String subject;

    @Param("10")
    public int events;

    private final Payload payload = new Payload(1);
    private int[] picks;
    private int next;
    private Events bus;

    @Setup
    public void subscribe() {
        bus = Subjects.events(subject, events);
        for (int event = 0; event < events; event++) {
            bus.subscribe(event, event, new Tally());
        }
        picks = new SplittableRandom(SEED).ints(PICKS, 0, events).toArray();
    }

    @Benchmark
    public Object publish() {
        next = (next + 1) & (PICKS - 1);
        return bus.publish(picks[next], payload);
    }

    @TearDown
    public void close() throws Exception {
        bus.close();
    }
}
