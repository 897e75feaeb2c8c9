package dev.convoke.benchmarks.bus;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** The pools that limits and Convoke are given, of the same kind each time; their threads are daemons. */
final class Pools {
    private static final ThreadFactory DAEMONS = task -> {
        Thread thread = new Thread(task, "benchmark-pool");
        thread.setDaemon(true);
        return thread;
    };

    private Pools() {}

    /** A thread per processor, and a queue. */
    static ExecutorService fixed() {
        return Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), DAEMONS);
    }

    /** As many threads as there are tasks, kept while they are used; no queue. */
    static ExecutorService cached() {
        return Executors.newCachedThreadPool(DAEMONS);
    }
}
