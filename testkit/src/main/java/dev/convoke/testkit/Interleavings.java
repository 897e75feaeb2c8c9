package dev.convoke.testkit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scenario in one order after another, and says of one that fails how to run it again.
 *
 * <pre>{@code
 * Interleavings.explore(1_000, executor -> {
 *     try (var coordinator = AsyncEventCoordinator.builder().executor(executor).build()) {
 *         …
 *         executor.runAll();
 *     }
 * });
 * }</pre>
 *
 * <p>Thread-safe: it has no state.
 */
public final class Interleavings {
    /** The system property that names the one seed to be run. */
    public static final String SEED_PROPERTY = "convoke.seed";

    private Interleavings() {}

    /** What is run once for each seed, from the beginning: it makes whatever it uses. */
    @FunctionalInterface
    public interface Scenario {
        /**
         * Runs once.
         *
         * @param executor a new one, which has the seed, and numbers for the scenario's own choices
         * @throws Exception to fail, as any assertion does
         */
        void run(InterleavingExecutor executor) throws Exception;
    }

    /**
     * Runs the scenario with the seeds from 1 to the count, on this thread.
     *
     * @throws AssertionError if the scenario throws, at once; see {@link #explore(long, int, Scenario)}
     * @throws IllegalArgumentException if the count is not positive
     */
    public static void explore(int seeds, Scenario scenario) {
        explore(1, seeds, scenario);
    }

    /**
     * Runs the scenario with so many seeds, on this thread. Where the system property {@value #SEED_PROPERTY} is set, it
     * runs once, with that seed alone.
     *
     * @throws AssertionError if the scenario throws, at once. Its message has the seed, what was thrown, and the property
     *     that runs this seed alone; its cause is what was thrown
     * @throws IllegalArgumentException if the count is not positive, or the property is no number
     */
    public static void explore(long firstSeed, int seeds, Scenario scenario) {
        Objects.requireNonNull(scenario, "scenario must not be null");
        if (seeds <= 0) {
            throw new IllegalArgumentException("the number of seeds must be positive: " + seeds);
        }
        Long only = onlySeed(System.getProperty(SEED_PROPERTY));
        if (only != null) {
            run(only, scenario);
            return;
        }
        for (int i = 0; i < seeds; i++) {
            run(firstSeed + i, scenario);
        }
    }

    private static @Nullable Long onlySeed(@Nullable String property) {
        try {
            return property == null || property.isBlank() ? null : Long.valueOf(property.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(SEED_PROPERTY + " must be a number: " + property, e);
        }
    }

    private static void run(long seed, Scenario scenario) {
        try {
            scenario.run(new InterleavingExecutor(seed));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(seed, e);
        } catch (Throwable e) {
            throw failed(seed, e);
        }
    }

    private static AssertionError failed(long seed, Throwable e) {
        return new AssertionError(
                "failed with seed " + seed + ": " + e + System.lineSeparator() + "To run this seed alone: -D"
                        + SEED_PROPERTY + "=" + seed,
                e);
    }
}
