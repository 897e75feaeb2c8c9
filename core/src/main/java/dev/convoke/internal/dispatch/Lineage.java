package dev.convoke.internal.dispatch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a publication stands in a chain: inside which delivery it was made, how deep that is, and until when it has time.
 *
 * <p>Thread-safe.
 */
final class Lineage {
    /** A time that does not come. */
    static final long NEVER = Long.MAX_VALUE;

    /** How many event names a refused chain shows; they are kept only as the limit comes near. */
    static final int LAST_NAMES = 8;

    private final int depth;
    private final List<String> lastNames;
    private final long deadlineAt;
    private final long allowedNanos;

    /** The nearest delivery around this that is known to be unended, if any; written after {@code parentId}. */
    private volatile @Nullable Invocation around;

    /** The direct publication in whose listener this was published, where it was, as far as that may not have ended. */
    private volatile @Nullable DirectParent direct;

    /** The id of the event in whose listener this was published; null while {@code around} is that delivery. */
    private volatile @Nullable String parentId;

    /** Of what is published outside of every listener, with no deadline, as most publications are. */
    private static final Lineage ROOT = new Lineage(null, 1, List.of(), NEVER, 0);

    private Lineage(
            @Nullable Invocation around, int depth, List<String> lastNames, long deadlineAt, long allowedNanos) {
        this.around = around;
        this.depth = depth;
        this.lastNames = lastNames;
        this.deadlineAt = deadlineAt;
        this.allowedNanos = allowedNanos;
    }

    /**
     * The lineage of a publication.
     *
     * @param around what it is made in
     * @param ownNanos the time that its publisher gives it, 0 where none was given
     * @param maxDepth the limit, near which names are kept
     */
    static Lineage of(Around around, String eventName, long ownNanos, long now, int maxDepth) {
        int depth = around.depth() + 1;
        long ownAt = ownNanos == 0 ? NEVER : now + ownNanos;
        Lineage above =
                around.parent() == null ? ROOT : around.parent().publication().lineage();
        List<String> lastNames = depth + LAST_NAMES > maxDepth ? append(above.lastNames, eventName) : List.of();
        above.forgetEnded();
        boolean inherits = above.hasDeadline() && above.earlierOf(ownAt) != ownAt;
        long allowed = inherits ? Math.max(1, above.deadlineAt - now) : ownNanos;
        if (depth == 1 && ownAt == NEVER && lastNames.isEmpty()) {
            return ROOT;
        }
        return new Lineage(around.parent(), depth, lastNames, inherits ? above.deadlineAt : ownAt, allowed)
                .inside(around.directParent(), around.parentId());
    }

    /** The same as {@link #of} for a publication without a deadline, far from the limit, that calls its listeners directly. */
    static Lineage direct(Around around, @Nullable String parentId) {
        return around.depth() == 0
                ? ROOT
                : new Lineage(around.parent(), around.depth() + 1, List.of(), NEVER, 0)
                        .inside(around.directParent(), parentId);
    }

    private Lineage inside(@Nullable DirectParent parent, @Nullable String id) {
        direct = parent;
        parentId = id;
        return this;
    }

    private static List<String> append(List<String> names, String name) {
        List<String> more = new ArrayList<>(names.subList(Math.max(0, names.size() - LAST_NAMES + 1), names.size()));
        more.add(name);
        return List.copyOf(more);
    }

    /** Lets go of those above that have ended, so that an endless chain of events does not hold all of itself. */
    void forgetEnded() {
        DirectParent inside = direct;
        if (inside != null && inside.hasEnded()) {
            direct = null;
        }
        Invocation above = around;
        if (above != null && above.hasEnded()) {
            if (parentId == null) {
                parentId = above.publication().id();
            }
            while (above != null && above.hasEnded()) {
                above = above.publication().lineage().around;
            }
            around = above;
        }
    }

    /** Whether it was published directly inside of a publication of the coordinator with this prefix, which has not ended. */
    boolean isDirectlyInside(long prefix) {
        DirectParent inside = direct;
        return inside != null && inside.isOf(prefix) && !inside.hasEnded();
    }

    /** From 1, for one that was published outside of every listener. */
    int depth() {
        return depth;
    }

    /** The names of this publication's event and of those above it, as far as they were kept. */
    List<String> lastNames() {
        return lastNames;
    }

    boolean hasDeadline() {
        return deadlineAt != NEVER;
    }

    /** By the ticker, or {@link #NEVER}. */
    long deadlineAt() {
        return deadlineAt;
    }

    /** The earlier of a time by the ticker, or {@link #NEVER}, and the deadline. */
    long earlierOf(long nanoTime) {
        boolean deadlineFirst = hasDeadline() && (nanoTime == NEVER || deadlineAt - nanoTime < 0);
        return deadlineFirst ? deadlineAt : nanoTime;
    }

    /** The time that there was at publish. */
    long allowedNanos() {
        return allowedNanos;
    }

    /** The id of the event in whose listener this was published, or null. */
    @Nullable String parentId() {
        Invocation above = around;
        String known = parentId;
        return known != null || above == null ? known : above.publication().id();
    }

    /** The nearest delivery around this one that may not have ended, or null. */
    @Nullable Invocation around() {
        return around;
    }
}
