package dev.convoke.internal.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * The innermost publication that this thread calls listeners of directly, as seen from inside of one of them.
 *
 * <p>Thread-safe: immutable.
 *
 * @param prefix of its coordinator's ids
 * @param number of its id
 * @param depth in its chain
 * @param frames how many such publications are on the stack inside of the innermost delivery
 */
record DirectParent(long prefix, long number, int depth, int frames) {
    /** Null where the innermost thing on this thread is a delivery, or nothing. */
    static @Nullable DirectParent of(@Nullable Object[] slot) {
        long[] numbers = Current.directOrNull(slot);
        return numbers == null || numbers[Current.FRAMES] == 0 ? null : of(numbers);
    }

    private static DirectParent of(long[] numbers) {
        return new DirectParent(numbers[Current.PREFIX], numberOf(numbers), (int) numbers[Current.DEPTH], (int)
                numbers[Current.FRAMES]);
    }

    /** Numbers the publication, where it has no number so far. */
    static long numberOf(long[] numbers) {
        if (numbers[Current.NUMBER] == 0) {
            numbers[Current.NUMBER] = Ids.nextNumber();
        }
        return numbers[Current.NUMBER];
    }

    String id() {
        return Ids.text(prefix, number);
    }
}
