package dev.convoke.benchmarks.jmh;

import dev.convoke.benchmarks.bus.Events;
import dev.convoke.benchmarks.bus.Subjects;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Touch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * Two threads that publish to 4 inline listeners, of one event or of an event each. They share nothing but the bus: a
 * listener writes to the payload alone, and each thread has its own.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TwoPublishersBenchmark {
    private static final int LISTENERS = 4;

    @Param("Convoke")
    public String subject;

    @Param("one event")
    public String events;

    private final AtomicInteger publishers = new AtomicInteger();
    private Events bus;

    @Setup
    public void subscribe() {
        bus = Subjects.events(subject, 2);
        for (int event = 0; event < 2; event++) {
            for (int i = 0; i < LISTENERS; i++) {
                bus.subscribe(event, i, new Touch());
            }
        }
    }

    /** One of the two threads. */
    @State(Scope.Thread)
    public static class Publisher {
        private int event;
        private Payload payload;

        @Setup
        public void choose(TwoPublishersBenchmark benchmark) {
            boolean first = benchmark.events.equals("one event") || benchmark.publishers.getAndIncrement() % 2 == 0;
            event = first ? 0 : 1;
            payload = first ? new Payload.First(1) : new Payload.Second(1);
        }
    }

    @Benchmark
    public Object publish(Publisher publisher) {
        return bus.publish(publisher.event, publisher.payload);
    }

    @TearDown
    public void close() throws Exception {
        bus.close();
    }
}
