package dev.convoke.benchmarks.report;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One subject in a table.
 *
 * @param cells as many as a {@link Table} has columns
 */
public record Row(List<String> cells) {
    public Row {
        cells = List.copyOf(cells);
    }

    /** What was measured, or that it was not. */
    public static Row of(Results results, Case shown, Case limit, Metric compared, String verdicts) {
        OptionalDouble time = results.median(shown, Metric.TIME);
        if (time.isEmpty()) {
            return leftOut(shown, "not measured");
        }
        return new Row(List.of(
                shown.variant(),
                shown.subject(),
                compared == Metric.BYTES ? "" : Figures.time(time.getAsDouble()),
                ratio(results, shown, limit, compared),
                Figures.bytes(results.median(shown, Metric.BYTES).orElseThrow()),
                compared == Metric.CPU
                        ? Figures.time(results.median(shown, Metric.CPU).orElseThrow())
                        : "",
                results.deliveriesOf(shown.scenario(), shown.subject()),
                verdicts));
    }

    private static String ratio(Results results, Case shown, Case limit, Metric compared) {
        OptionalDouble ratio = results.medianRatio(shown, limit, compared);
        return ratio.isEmpty() || shown.equals(limit) ? "" : Figures.ratio(ratio.getAsDouble()) + " " + limit.subject();
    }

    /** A subject without a measurement, and why. */
    public static Row leftOut(Case shown, String why) {
        return new Row(List.of(shown.variant(), shown.subject(), why, "", "", "", "", ""));
    }
}
