package dev.convoke.benchmarks.journal;

import java.util.List;

/**
 * A row of the table, which may have several figures.
 *
 * @param id as in {@code --rows=}, which takes all that begin with it
 * @param subjects who can take part
 */
record JournalScenario(String id, String title, List<String> subjects, Measuring measuring) {
    JournalScenario with(List<String> others) {
        return new JournalScenario(id, title, others, measuring);
    }

    /** Measures one subject in one round. */
    @FunctionalInterface
    interface Measuring {
        Finding measure(Site site) throws Exception;
    }
}
