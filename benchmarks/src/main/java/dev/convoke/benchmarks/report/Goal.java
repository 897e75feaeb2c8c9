package dev.convoke.benchmarks.report;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A bound that is to hold: {@code metric(goal) ≤ factor × metric(other) + more}, over the medians of a run.
 *
 * @param of whose metric it bounds
 * @param factor of the other's metric
 * @param other null where the bound is a number
 * @param more what is added, in the metric's unit
 */
public record Goal(
        Case of, Metric metric, double factor, @Nullable Case other, double more) {
    /** Allocations of the JVM's own, spread over all operations. */
    private static final double SLACK_BYTES = 0.5;

    public static Goal atMost(Case of, Metric metric, double bound) {
        return new Goal(of, metric, 0, null, bound);
    }

    public static Goal atMost(Case of, Metric metric, double factor, Case other) {
        return new Goal(of, metric, factor, other, 0);
    }

    public Goal plus(double added) {
        return new Goal(of, metric, factor, other, more + added);
    }

    /** The bound in this run; empty where the other was not measured. */
    public OptionalDouble bound(Results results) {
        if (other == null) {
            return OptionalDouble.of(more);
        }
        OptionalDouble limit = results.median(other, metric);
        return limit.isEmpty() ? limit : OptionalDouble.of(factor * limit.getAsDouble() + more);
    }

    /** Whether it was met, in words; empty where one of the two was not measured. */
    public String verdict(Results results) {
        OptionalDouble value = results.median(of, metric);
        OptionalDouble bound = bound(results);
        if (value.isEmpty() || bound.isEmpty()) {
            return "";
        }
        String sought = "≤ " + Figures.of(bound.getAsDouble(), metric) + expression();
        return isMet(value.getAsDouble(), bound.getAsDouble())
                ? sought + " met"
                : sought + " **missed** (" + Figures.of(value.getAsDouble(), metric) + ")";
    }

    boolean isMet(double value, double bound) {
        return value <= bound + (metric == Metric.BYTES ? SLACK_BYTES : 0);
    }

    private String expression() {
        if (other == null) {
            return "";
        }
        String whose = other.scenario().equals(of.scenario()) ? "" : other.scenario() + " ";
        String which = other.variant().equals(of.variant()) ? "" : " at " + other.variant();
        String added = more == 0 ? "" : " + " + Figures.plain(more);
        return " (" + Figures.plain(factor) + " × " + whose + other.subject() + which + added + ")";
    }
}
