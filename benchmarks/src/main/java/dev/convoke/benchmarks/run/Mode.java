package dev.convoke.benchmarks.run;

/**
 * How much a run measures.
 *
 * @param allVariants whether all of a scenario's parameters are measured
 * @param allSubjects whether all of a scenario's subjects are measured
 * @param rounds how often each case is
 * @param iterations to warm up, and again to measure
 * @param millis for each iteration
 */
record Mode(String name, boolean allVariants, boolean allSubjects, int rounds, int iterations, int millis) {
    /** For a first look: one round, in which noise shows. */
    static final Mode QUICK = new Mode("quick", false, false, 1, 3, 150);

    /** Everything, where there are virtual threads. */
    static final Mode FULL = new Mode("full", true, true, 3, 4, 200);

    /** Convoke, the limits and the best peers; for the older JDK. */
    static final Mode FULL_BRIEF = new Mode("full", true, false, 3, 4, 200);

    /** Some scenarios, wholly. */
    static final Mode CHOSEN = new Mode("chosen", true, true, 3, 4, 200);

    Mode withRounds(int number) {
        return new Mode(name, allVariants, allSubjects, number, iterations, millis);
    }

    Mode withMillis(int number) {
        return new Mode(name, allVariants, allSubjects, rounds, iterations, number);
    }
}
