package dev.convoke.benchmarks.journal;

import dev.convoke.benchmarks.journal.server.Servers;
import dev.convoke.benchmarks.journal.subject.Subjects;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A short look at whether durable publishing and delivering are as fast as they were, beside SQL alone in the same run. */
public final class JournalRegression {
    /** Far below what is expected, which is 0.2 and 0.1 on a machine that does nothing else. */
    private static final List<Bound> BOUNDS =
            List.of(new Bound("D1", Figure.PUBLICATIONS, 0.02), new Bound("D2", Figure.DELIVERIES, 0.02));

    private static final int SECONDS = 3;
    private static final int BACKLOG = 8_000;
    private static final JournalChoice CHOICE =
            new JournalChoice(List.of(), List.of(Subjects.SQL, Subjects.CONVOKE), List.of(), 1, SECONDS, BACKLOG);

    private JournalRegression() {}

    /** @param ratio of Convoke's figure to that of SQL alone, at least */
    private record Bound(String scenario, Figure figure, double ratio) {
        Verdict verdict(JournalResults results) {
            OptionalDouble found = results.medianRatio(scenario, Subjects.CONVOKE, Subjects.SQL, figure);
            List<String> faults = results.faults(scenario, Subjects.CONVOKE);
            boolean holds = found.isPresent() && found.getAsDouble() >= ratio && faults.isEmpty();
            String value = found.isPresent() ? String.format(Locale.ROOT, "%.3f", found.getAsDouble()) : "not measured";
            return new Verdict(
                    String.format(
                            Locale.ROOT,
                            "%s Convoke, %s: %s × SQL alone, at least %.3f: %s %s",
                            scenario,
                            figure.title,
                            value,
                            ratio,
                            holds ? "passed" : "FAILED",
                            String.join(", ", faults)),
                    holds);
        }
    }

    /** A line for a reader of a log, and whether the bound holds. */
    public record Verdict(String line, boolean holds) {}

    /** Measures on PostgreSQL. */
    public static List<Verdict> verdicts() throws Exception {
        List<JournalScenario> scenarios = JournalScenarios.POSTGRESQL.stream()
                .filter(scenario ->
                        BOUNDS.stream().anyMatch(bound -> bound.scenario().equals(scenario.id())))
                .toList();
        JournalResults results = JournalBenchmark.measure(Servers.postgresql(), CHOICE, scenarios, soFar -> {});
        return BOUNDS.stream().map(bound -> bound.verdict(results)).toList();
    }
}
