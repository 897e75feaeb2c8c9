package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What only an attempt has that may be timed out, or be followed by another one; and its entry with the timer.
 *
 * <p>Thread-safe.
 */
final class Tries extends Deadlines.Entry {
    private static final VarHandle VERDICT;

    static {
        try {
            VERDICT = MethodHandles.lookup().findVarHandle(Tries.class, "verdict", DeliveryResult.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Invocation invocation;

    /** How the attempt before this one ended, where there was one. */
    final @Nullable DeliveryResult before;

    /** When the first attempt started, where this is another one; 0 otherwise. */
    final long firstStartedAt;

    /** How this attempt ended, where another one may follow a time-out. */
    private volatile @Nullable DeliveryResult verdict;

    /** When another attempt is due after a time-out; written before {@code verdict}. */
    long nextDue;

    /** The attempt that followed this one. */
    volatile @Nullable Invocation next;

    Tries(Invocation invocation, @Nullable DeliveryResult before, long firstStartedAt) {
        this.invocation = invocation;
        this.before = before;
        this.firstStartedAt = firstStartedAt;
    }

    @Nullable DeliveryResult verdict() {
        return verdict;
    }

    /** Says how the attempt ended, unless that was said before. */
    boolean decide(DeliveryResult result) {
        return VERDICT.compareAndSet(this, null, result);
    }

    /** Its time-out has come, or another attempt's time. */
    @Override
    void onDue() {
        invocation.dispatcher().threads().aside(invocation::due);
    }
}
