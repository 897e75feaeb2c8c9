package dev.convoke.internal.check;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Checks arguments of public methods; every message says what was wrong and carries the value.
 *
 * <p>Thread-safe: it has no state.
 */
public final class Check {
    /** The longest name of an event or a listener, in UTF-16 units: what a column of a journal or a metric's label bears. */
    public static final int LONGEST_NAME = 255;

    /** The longest duration in nanoseconds that deadlines count with: 146 years, so that sums do not overflow. */
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 2;

    private Check() {}

    /**
     * Returns the value.
     *
     * @throws NullPointerException if it is null
     */
    public static <T> T present(String what, @Nullable T value) {
        if (value == null) {
            throw new NullPointerException(what + " must not be null");
        }
        return value;
    }

    /**
     * Returns the name.
     *
     * @throws NullPointerException if it is null
     * @throws IllegalArgumentException if it is empty, too long, or has a control character
     */
    public static String name(String what, @Nullable String given) {
        String name = present(what, given);
        if (name.isEmpty()) {
            throw new IllegalArgumentException(what + " must not be empty");
        }
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(what + " must have at most " + LONGEST_NAME + " characters, but has "
                    + name.length() + ": " + name.substring(0, 32) + "…");
        }
        for (int i = 0; i < name.length(); i++) {
            refuseControl(what, name, i);
        }
        return name;
    }

    private static void refuseControl(String what, String name, int index) {
        if (Character.isISOControl(name.charAt(index))) {
            throw new IllegalArgumentException(String.format(
                    "%s must not have control characters, but has U+%04X at index %d: %s",
                    what, (int) name.charAt(index), index, name.replaceAll("\\p{Cntrl}", "\uFFFD")));
        }
    }

    /**
     * Returns the duration.
     *
     * @throws NullPointerException if it is null
     * @throws IllegalArgumentException if it is zero or negative
     */
    public static Duration positive(String what, @Nullable Duration given) {
        Duration duration = present(what, given);
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(what + " must be positive: " + duration);
        }
        return duration;
    }

    /**
     * Returns the duration.
     *
     * @throws NullPointerException if it is null
     * @throws IllegalArgumentException if it is negative
     */
    public static Duration notNegative(String what, @Nullable Duration given) {
        Duration duration = present(what, given);
        if (duration.isNegative()) {
            throw new IllegalArgumentException(what + " must not be negative: " + duration);
        }
        return duration;
    }

    /**
     * Returns the number.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    public static int positive(String what, int number) {
        if (number <= 0) {
            throw new IllegalArgumentException(what + " must be positive: " + number);
        }
        return number;
    }

    /** Returns the duration in nanoseconds, or 146 years where it is longer. */
    public static long nanos(Duration duration) {
        return duration.toSeconds() >= LONGEST_NANOS / 1_000_000_000L ? LONGEST_NANOS : duration.toNanos();
    }
}
