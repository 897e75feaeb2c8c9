package dev.convoke.benchmarks.journal.child;

import dev.convoke.benchmarks.journal.subject.Handler;
import dev.convoke.benchmarks.journal.subject.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Writes down when what happened; its handler is each listener. Thread-safe. */
final class Recorder implements Handler {
    private final Job job;
    private final AtomicLongArray published;
    private final AtomicLongArray committed;
    private final List<AtomicLongArray> started = new ArrayList<>();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder misordered = new LongAdder();
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private volatile long begun;
    private volatile long subscribing;
    private volatile long statements;

    Recorder(Job job) {
        this.job = job;
        int events = job.load().events();
        published = new AtomicLongArray(events);
        committed = new AtomicLongArray(events);
        for (int listener = 0; listener < job.listeners(); listener++) {
            started.add(new AtomicLongArray(events));
        }
    }

    void begin() {
        begun = System.nanoTime();
    }

    void subscribed(long nanos) {
        subscribing = nanos;
    }

    void idle(long statementsExecuted) {
        statements = statementsExecuted;
    }

    void publishing(int number) {
        published.set(number, System.nanoTime());
    }

    void committed(int number) {
        committed.set(number, System.nanoTime());
    }

    @Override
    public void handle(int listener, Order order) {
        if (!started.get(listener).compareAndSet(order.number(), 0, System.nanoTime())) {
            repeated.increment();
        }
        if (job.ordered()) {
            lanes.computeIfAbsent(listener + " " + order.customer(), key -> new Lane())
                    .pass(order.number());
        } else {
            work();
        }
        delivered.increment();
    }

    private void work() {
        if (job.handlerMillis() > 0) {
            try {
                TimeUnit.MILLISECONDS.sleep(job.handlerMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    long delivered() {
        return delivered.sum();
    }

    Trace trace() {
        return new Trace(
                begun,
                times(published),
                times(committed),
                started.stream().map(Recorder::times).toList(),
                repeated.sum(),
                misordered.sum(),
                subscribing,
                statements);
    }

    /** Up to the last that is not 0. */
    private static long[] times(AtomicLongArray all) {
        int length = all.length();
        while (length > 0 && all.get(length - 1) == 0) {
            length--;
        }
        long[] times = new long[length];
        for (int i = 0; i < length; i++) {
            times[i] = all.get(i);
        }
        return times;
    }

    /** The deliveries of one customer to one listener, which are to come one after another. */
    private final class Lane {
        private final AtomicBoolean occupied = new AtomicBoolean();
        private int last = -1; // written by who has occupied it

        void pass(int number) {
            if (!occupied.compareAndSet(false, true)) {
                misordered.increment();
                return;
            }
            if (number <= last) {
                misordered.increment();
            }
            last = number;
            work();
            occupied.set(false);
        }
    }
}
