package dev.convoke.benchmarks.report;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How many times as much as a limit a case may take.
 *
 * @param limit the subject that it is compared with, in the same scenario and variant
 */
public record Bound(Case of, String limit, Metric metric, double ratio) {
    public Case limitCase() {
        return new Case(of.scenario(), of.variant(), limit);
    }

    /** Whether the median of the ratios is within the bound; what could not be measured is not. */
    public boolean holds(Results results) {
        OptionalDouble found = results.medianRatio(of, limitCase(), metric);
        return found.isPresent() && found.getAsDouble() <= ratio;
    }

    /** A line for a reader of a log. */
    public String verdict(Results results) {
        OptionalDouble found = results.medianRatio(of, limitCase(), metric);
        String value = found.isPresent() ? String.format(Locale.ROOT, "%.2f", found.getAsDouble()) : "not measured";
        return String.format(
                Locale.ROOT,
                "%s %s %s, %s: %s × %s, at most %.2f: %s",
                of.scenario(),
                of.variant(),
                of.subject(),
                metric.unit(),
                value,
                limit,
                ratio,
                holds(results) ? "passed" : "FAILED");
    }
}
