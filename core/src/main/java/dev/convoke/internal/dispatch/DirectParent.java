package dev.convoke.internal.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * A publication that calls its listeners directly, for what is published inside of one of them: there is none where nobody
 * publishes anything.
 *
 * <p>Thread-safe, but for being made and ended on the thread of the publication.
 */
final class DirectParent {
    /** Its end where all of its listeners had completed. */
    private static final Object AT_ONCE = new Object();

    private final long prefix;
    private final long number;
    private final int depth;
    private final int frames;

    /** The publication of the same coordinator that it is directly inside of, if it is. */
    private final @Nullable DirectParent outer;

    /** Null while its listeners are being called; then {@link #AT_ONCE}, or the {@link LivePublication} that it became. */
    private volatile @Nullable Object end;

    private DirectParent(long[] numbers, @Nullable DirectParent outer) {
        this.prefix = numbers[Current.PREFIX];
        this.number = numberOf(numbers);
        this.depth = (int) numbers[Current.DEPTH];
        this.frames = (int) numbers[Current.FRAMES];
        this.outer = outer;
    }

    /** The innermost one on this thread; null where a delivery, or nothing, is inside of it. */
    static @Nullable DirectParent of(@Nullable Object[] slot) {
        long[] numbers = Current.directOrNull(slot);
        if (numbers == null || numbers[Current.FRAMES] == 0) {
            return null;
        }
        DirectParent known = Current.parent(slot);
        if (known == null || known.frames != numbers[Current.FRAMES]) {
            known = new DirectParent(numbers, known);
            Current.setParent(known, slot);
        }
        return known;
    }

    /** The innermost publication has called its listeners, and became this one if not all had completed. */
    static void end(@Nullable Object[] slot, long frames, @Nullable LivePublication<?> live) {
        DirectParent innermost = Current.parent(slot);
        if (innermost != null && innermost.frames == frames) {
            innermost.end = live == null ? AT_ONCE : live;
            Current.setParent(innermost.outer, slot);
        }
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

    /** How deep it is in its chain. */
    int depth() {
        return depth;
    }

    /** How many direct publications are on the stack, this one included, inside of the innermost delivery. */
    int frames() {
        return frames;
    }

    boolean isOf(long prefixOfCoordinator) {
        return prefix == prefixOfCoordinator;
    }

    /** Whether neither this nor one that it is directly inside of has anything left to do. */
    @SuppressWarnings("ReferenceEquality") // that very object says so
    boolean hasEnded() {
        Object ended = end;
        boolean hasThis = ended == AT_ONCE || (ended instanceof LivePublication<?> live && live.hasEnded());
        return hasThis && (outer == null || outer.hasEnded());
    }
}
