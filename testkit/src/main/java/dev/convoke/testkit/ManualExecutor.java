package dev.convoke.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs what it was given when a test says so, on the test's thread, the oldest first.
 *
 * <p>Thread-safe. What a task throws is thrown by the method that runs it; the tasks behind it stay.
 */
public final class ManualExecutor implements Executor {
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Runnable> tasks = new ArrayDeque<>();

    /** An executor with nothing to run. */
    public ManualExecutor() {}

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task must not be null");
        lock.lock();
        try {
            tasks.add(task);
        } finally {
            lock.unlock();
        }
    }

    /** How many tasks wait to be run. */
    public int waiting() {
        lock.lock();
        try {
            return tasks.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs the oldest task.
     *
     * @throws NoSuchElementException if there is none
     */
    public void runNext() {
        Runnable task = next();
        if (task == null) {
            throw new NoSuchElementException("no task is waiting");
        }
        task.run();
    }

    /**
     * Runs tasks until there is none, those that they add included.
     *
     * @return how many it ran
     */
    public int runAll() {
        int ran = 0;
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
            ran++;
        }
        return ran;
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            return tasks.poll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "ManualExecutor[waiting: " + waiting() + "]";
    }
}
