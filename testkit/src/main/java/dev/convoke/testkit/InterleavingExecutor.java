package dev.convoke.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs what it was given in an order that is random, and the same for the same seed.
 *
 * <p>Tasks run on the thread that calls {@link #runOne} or {@link #runAll}, one after another: what they do to one another is
 * due to their order alone. Made a coordinator's executor, a test sees many of the orders that threads would take, and each
 * of them again: {@link Interleavings#explore}.
 *
 * <p>Thread-safe; but the order is the same again only where all tasks are added by one thread.
 */
public final class InterleavingExecutor implements Executor {
    /** From here on {@link #runAll} takes tasks for a loop that feeds itself. */
    static final int MOST_TASKS = 1_000_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final long seed;
    private final SplittableRandom order;
    private final SplittableRandom random;

    /** Guarded by the lock, as {@code order} is. */
    private final List<Runnable> tasks = new ArrayList<>();

    /** An executor with the order of this seed. */
    public InterleavingExecutor(long seed) {
        this.seed = seed;
        this.order = new SplittableRandom(seed);
        this.random = order.split();
    }

    /** What the order comes from. */
    public long seed() {
        return seed;
    }

    /**
     * Numbers for a scenario's own choices, from the same seed; taking some changes nothing in the order of tasks.
     *
     * <p>Always the same generator. Confined to one thread.
     */
    public SplittableRandom random() {
        return random;
    }

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
     * Runs one of the tasks; what it throws is thrown here.
     *
     * @return false where there is none
     */
    public boolean runOne() {
        Runnable task = takeAny();
        if (task == null) {
            return false;
        }
        task.run();
        return true;
    }

    /**
     * Runs tasks until there is none, those that they add included. What one throws is thrown here; the others stay.
     *
     * @return how many it ran
     * @throws AssertionError if there is no end of them: after a million
     */
    public int runAll() {
        int ran = 0;
        while (runOne()) {
            if (++ran == MOST_TASKS) {
                throw new AssertionError("tasks keep adding tasks: " + ran + " were run by " + this);
            }
        }
        return ran;
    }

    /** The last task takes the place of the one that goes. */
    private @Nullable Runnable takeAny() {
        lock.lock();
        try {
            if (tasks.isEmpty()) {
                return null;
            }
            int place = order.nextInt(tasks.size());
            Runnable last = tasks.remove(tasks.size() - 1);
            return place == tasks.size() ? last : tasks.set(place, last);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "InterleavingExecutor[seed: " + seed + ", waiting: " + waiting() + "]";
    }
}
