package dev.convoke.benchmarks.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** So many threads that do the same over and over. */
final class Clients {
    private static final int WARM_UP_SECONDS = 4;
    private static final int SECONDS = 8;

    private Clients() {}

    /** One step of a client; returns how many events it was. */
    @FunctionalInterface
    interface Step {
        int take() throws Exception;
    }

    /** Makes the step of one client. */
    @FunctionalInterface
    interface Factory {
        Step create() throws Exception;
    }

    /** How many events all of them come to in a second, once they are warm. */
    static double perSecond(int clients, Factory factory) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            AtomicLong events = new AtomicLong();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS + SECONDS);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Step step = factory.create();
                running.add(threads.submit(() -> {
                    while (System.nanoTime() < end) {
                        events.addAndGet(step.take());
                    }
                    return null;
                }));
            }
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            long before = events.get();
            long from = System.nanoTime();
            await(running);
            return (events.get() - before) * 1e9 / (System.nanoTime() - from);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void await(List<Future<?>> running) throws InterruptedException, ExecutionException {
        for (Future<?> one : running) {
            one.get();
        }
    }
}
