package dev.convoke.benchmarks.journal.child;

import dev.convoke.benchmarks.journal.subject.Order;
import dev.convoke.benchmarks.journal.subject.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Carries out a {@link Load}. */
final class Publishing {
    static final int PUBLISHERS = 32;

    private final Load load;
    private final Subject subject;
    private final Recorder recorder;
    private final AtomicInteger next = new AtomicInteger();

    Publishing(Load load, Subject subject, Recorder recorder) {
        this.load = load;
        this.subject = subject;
        this.recorder = recorder;
    }

    /** One of the subject's ways to publish. */
    @FunctionalInterface
    private interface Call {
        void publish(Order order) throws Exception;
    }

    /** Returns how many events were published, all of them committed. */
    int run() throws Exception {
        recorder.begin();
        switch (load.kind()) {
            case BACKLOG -> backlog();
            case PUBLISHERS -> publishers(subject::publish);
            case PUBLISHERS_WITHIN -> publishers(subject::publishWithin);
            case STEADY -> steady();
            case NONE, IDLE -> {}
        }
        return next.get();
    }

    private void backlog() throws Exception {
        subject.publishAll(
                IntStream.range(0, load.events()).mapToObj(this::order).toList());
        next.set(load.events());
        IntStream.range(0, load.events()).forEach(recorder::committed);
    }

    private void publishers(Call call) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(load.seconds());
        onThreads((threads, running) -> {
            for (int i = 0; i < PUBLISHERS; i++) {
                running.add(threads.submit(() -> {
                    while (System.nanoTime() < end) {
                        publish(call, next.getAndIncrement());
                    }
                    return null;
                }));
            }
        });
    }

    /** There are always threads to publish: who waits for a commit delays nobody. */
    private void steady() throws Exception {
        long begun = System.nanoTime();
        onThreads((threads, running) -> {
            for (int i = 0; i < load.events(); i++) {
                sleepUntil(begun + TimeUnit.SECONDS.toNanos(i) / load.perSecond());
                running.add(threads.submit(() -> {
                    publish(subject::publish, next.getAndIncrement());
                    return null;
                }));
            }
        });
    }

    private void publish(Call call, int number) throws Exception {
        recorder.publishing(number);
        call.publish(order(number));
        recorder.committed(number);
    }

    private Order order(int number) {
        return new Order("customer-" + number % load.customers(), number);
    }

    private static void sleepUntil(long time) {
        for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Submits tasks, and notes them down. */
    @FunctionalInterface
    private interface Submitting {
        void submit(ExecutorService threads, List<Future<?>> running);
    }

    /** Returns when all have ended; throws what one has thrown. */
    private static void onThreads(Submitting submitting) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(PUBLISHERS);
        List<Future<?>> running = new ArrayList<>();
        submitting.submit(threads, running);
        for (Future<?> one : running) {
            one.get();
        }
        threads.shutdown();
    }
}
