package dev.convoke.examples.demo.summary;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

/** Numbers as people read them. */
final class Words {
    private static final double NANOS_A_MILLI = 1_000_000;
    private static final double MICROS_A_MILLI = 1_000;
    private static final double MILLIS_A_SECOND = 1_000;
    private static final double FIRST_IN_MILLIS = 0.0995;
    private static final double FIRST_IN_SECONDS = 999.5;
    private static final double BYTES_A_KILOBYTE = 1_000;
    private static final double BYTES_A_MEGABYTE = 1_000_000;
    private static final double FIRST_WITHOUT_DECIMAL = 99.95;

    private Words() {}

    /** {@code 40 µs}, {@code 0.4 ms}, {@code 250 ms} or {@code 2.31 s}. */
    static String duration(Duration duration) {
        double millis = duration.toNanos() / NANOS_A_MILLI;
        if (millis < FIRST_IN_MILLIS) {
            return format("%.0f µs", millis * MICROS_A_MILLI);
        }
        if (millis >= FIRST_IN_SECONDS) {
            return format("%.2f s", millis / MILLIS_A_SECOND);
        }
        return format(millis < FIRST_WITHOUT_DECIMAL ? "%.1f ms" : "%.0f ms", millis);
    }

    /** {@code 133 B}, {@code 41 kB} or {@code 1.3 MB}. */
    static String bytes(long bytes) {
        if (bytes < BYTES_A_KILOBYTE) {
            return bytes + " B";
        }
        return bytes < BYTES_A_MEGABYTE
                ? format("%.0f kB", bytes / BYTES_A_KILOBYTE)
                : format("%.1f MB", bytes / BYTES_A_MEGABYTE);
    }

    /** {@code 2,303}. */
    static String count(int count) {
        return format("%,d", count);
    }

    /** The text on one line, and cut where it is longer than so many characters. */
    static String shortened(String text, int length) {
        String line = text.lines().collect(Collectors.joining(" "));
        return line.length() <= length ? line : line.substring(0, length - 1) + "…";
    }

    private static String format(String pattern, Object value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
