package dev.convoke.internal.dispatch;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The ids of one coordinator's events: a random prefix and a number, made into text when somebody asks.
 *
 * <p>Thread-safe.
 */
final class Ids {
    private static final int RADIX = 32;

    /** One for all coordinators: what is published inside of another one's publication asks for that one's number. */
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final long prefix = new SecureRandom().nextLong();
    private final String prefixText = text(prefix);

    long prefix() {
        return prefix;
    }

    /** The next number, from 1. */
    static long nextNumber() {
        return NUMBERS.incrementAndGet();
    }

    /** The id with a number of this coordinator's. */
    String idOf(long number) {
        return prefixText + number;
    }

    /** The id with a number of the coordinator that has this prefix. */
    static String text(long prefix, long number) {
        return text(prefix) + number;
    }

    private static String text(long prefix) {
        return Long.toUnsignedString(prefix, RADIX) + "-";
    }
}
