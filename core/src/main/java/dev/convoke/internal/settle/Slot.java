package dev.convoke.internal.settle;

import org.jspecify.annotations.Nullable;

/**
 * The place of one result, where it is kept together with more than that.
 *
 * <p>Thread-safe.
 */
public interface Slot {
    /** What is in it: null until there is a result. */
    @Nullable Object content();

    /** Writes a content, if it still has the expected one, and says whether it had. */
    boolean swap(@Nullable Object expected, Object content);
}
