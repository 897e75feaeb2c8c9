package dev.convoke.linearizability;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * Checks that whatever several threads do at once to a thing could have been done one after another.
 *
 * <p>A test class is the thing under test: its {@code @Operation} methods are what the threads do. The sequential
 * specification has the same methods and no concurrency. System property {@code lincheck.effort} multiplies the number of
 * scenarios, and of the schedules of a pair.
 */
public final class Linearizable {
    private static final int EFFORT = Integer.getInteger("lincheck.effort", 1);
    private static final int SCENARIOS = 5;
    private static final int SCHEDULES = 50;
    private static final int SCHEDULES_OF_PAIR = 80;
    private static final int RUNS = 100;

    private Linearizable() {}

    /** Goes through the schedules of generated scenarios; sees every interleaving, under sequential consistency. */
    public static void checkSchedules(Class<?> test, Class<?> sequential) {
        check(new ModelCheckingOptions().invocationsPerIteration(SCHEDULES), test, sequential);
    }

    /** Runs generated scenarios on real threads; sees what this machine does. */
    public static void checkRuns(Class<?> test, Class<?> sequential) {
        check(new StressOptions().invocationsPerIteration(RUNS), test, sequential);
    }

    /** Goes through many schedules of two operations, the one beside the other, each of many steps. */
    public static void checkPair(Class<?> test, Class<?> sequential) {
        new ModelCheckingOptions()
                .invocationsPerIteration(SCHEDULES_OF_PAIR * EFFORT)
                .threads(2)
                .actorsPerThread(1)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(1)
                .sequentialSpecification(sequential)
                .check(test);
    }

    private static void check(Options<?, ?> options, Class<?> test, Class<?> sequential) {
        options.threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(SCENARIOS * EFFORT)
                .sequentialSpecification(sequential)
                .check(test);
    }
}
