package dev.convoke.benchmarks.jmh;

import dev.convoke.benchmarks.bus.Roster;
import dev.convoke.benchmarks.bus.Subjects;
import dev.convoke.benchmarks.load.Body;
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

/** Adding 1,000, 10,000 and 100,000 listeners to one event, and removing them again in the same order. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChurnBenchmark {
    @Param("Convoke")
    public String subject;

    @Param("1000")
    public int listeners;

    private final Body body = new Tally();
    private Roster roster;
    private Object[] added;

    @Setup
    public void create() {
        roster = Subjects.roster(subject);
        added = new Object[listeners];
    }

    @Benchmark
    public Object[] addAndRemove() {
        for (int i = 0; i < listeners; i++) {
            added[i] = roster.add(i, body);
        }
        for (Object listener : added) {
            roster.remove(listener);
        }
        return added;
    }

    @TearDown
    public void close() throws Exception {
        roster.close();
    }
}
