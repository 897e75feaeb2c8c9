package dev.convoke.benchmarks.report;

import java.util.Locale;

/** Numbers as a reader wants them: three digits that count, and a unit of the right size. */
final class Figures {
    private Figures() {}

    static String of(double value, Metric metric) {
        return metric == Metric.BYTES ? bytes(value) : time(value);
    }

    static String time(double nanos) {
        if (nanos >= 1e9) {
            return digits(nanos / 1e9) + " s";
        }
        if (nanos >= 1e6) {
            return digits(nanos / 1e6) + " ms";
        }
        return nanos >= 1e4 ? digits(nanos / 1e3) + " µs" : digits(nanos) + " ns";
    }

    static String bytes(double bytes) {
        return bytes >= 1e6 ? digits(bytes / 1e6) + " MB" : Math.round(bytes) + " B";
    }

    static String ratio(double ratio) {
        return digits(ratio) + " ×";
    }

    /** As few digits as there are. */
    static String plain(double value) {
        return value == Math.rint(value)
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.3g", value).replaceFirst("0+$", "");
    }

    private static String digits(double value) {
        String format = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
