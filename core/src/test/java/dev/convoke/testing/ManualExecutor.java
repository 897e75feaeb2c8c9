package dev.convoke.testing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** Runs what it was given when a test says so, on the test's thread. */
public final class ManualExecutor implements Executor {
    private final Deque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public synchronized void execute(Runnable task) {
        tasks.add(task);
    }

    public synchronized int waiting() {
        return tasks.size();
    }

    private synchronized Runnable next() {
        return tasks.poll();
    }

    /** Runs the oldest task. */
    public void runNext() {
        next().run();
    }

    /** Runs tasks until there is none. */
    public void runAll() {
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
        }
    }
}
