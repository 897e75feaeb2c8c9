package dev.convoke.benchmarks.run;

import static dev.convoke.benchmarks.report.Metric.CPU;
import static dev.convoke.benchmarks.report.Metric.TIME;

import dev.convoke.benchmarks.journal.JournalRegression;
import dev.convoke.benchmarks.report.Bound;
import dev.convoke.benchmarks.report.Case;
import dev.convoke.benchmarks.report.Results;
import java.util.List;
import java.util.stream.Stream;

/**
 * A short look at whether Convoke's fast paths are as fast as they were, for CI: ratios to limits that are measured in the
 * same run, on whatever machine that is.
 */
final class Regression {
    /** About 1.7 to 2 times what is expected: noise passes, a path that takes twice as long does not. */
    private static final List<Bound> BOUNDS = List.of(
            bound("S1", "1", "Convoke", "L3", 4.5),
            bound("S1", "16", "Convoke", "L3", 2.2),
            new Bound(new Case("S1b", "4", "Convoke on pool"), "L5", CPU, 5),
            new Bound(new Case("S2", "4", "Convoke on pool"), "L5", CPU, 2.5),
            bound("S4", "one event", "Convoke", "L6", 2.4),
            // It is there for a cost that grows with the number of events, which would be a hundred times this. Where
            // the
            // cache holds 10,000 rows the ratio is 1.5; where it does not, 4.8 was measured for the same code.
            bound("S5", "10000", "Convoke", "L6", 7.0),
            bound("S7", "0", "Convoke", "L6", 22));

    private static final Mode MODE = new Mode("regression", false, false, 3, 3, 200);

    private Regression() {}

    private static Bound bound(String scenario, String variant, String subject, String limit, double ratio) {
        return new Bound(new Case(scenario, variant, subject), limit, TIME, ratio);
    }

    /** Measures, prints a line for each bound and one for all, and says whether all hold. */
    static boolean passes() throws Exception {
        Results results = new Rounds(steps(), MODE).measure(sofar -> {});
        int count = BOUNDS.size();
        int failed = 0;
        for (Bound bound : BOUNDS) {
            System.out.println(bound.verdict(results));
            failed += bound.holds(results) ? 0 : 1;
        }
        for (JournalRegression.Verdict durable : JournalRegression.verdicts()) {
            System.out.println(durable.line());
            count++;
            failed += durable.holds() ? 0 : 1;
        }
        System.out.println((count - failed) + " passed, " + failed + " failed");
        return failed == 0;
    }

    private static List<Step> steps() {
        return BOUNDS.stream()
                .flatMap(bound -> Stream.of(bound.limitCase(), bound.of()))
                .map(wanted -> new Step(Scenarios.withId(wanted.scenario()), wanted.variant(), wanted.subject()))
                .toList();
    }
}
