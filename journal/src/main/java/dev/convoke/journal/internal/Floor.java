package dev.convoke.journal.internal;

import dev.convoke.journal.internal.DeliveryTable.Claimed;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * From which time on due deliveries of one listener are looked for. PostgreSQL would otherwise walk each time over the traces of
 * all that were claimed since it last tidied up, so that each claim of a large backlog takes longer than the one before.
 *
 * <p>It is a shortcut, and not what decides: once a second everything is looked at, so that what was due earlier and is committed
 * late, or was not claimed after all, waits no longer than that.
 *
 * <p>Confined to the worker's thread.
 */
final class Floor {
    private static final long LOOKS_AT_ALL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Publications of one time are committed in any order, but within this one by far most of them. */
    private static final long SLACK_MILLIS = 1_000;

    private long dueAt;
    private long looksAtAllAt = System.nanoTime();

    /** By the database's clock, in milliseconds. */
    long dueAt() {
        long now = System.nanoTime();
        if (looksAtAllAt - now <= 0) {
            dueAt = 0;
            looksAtAllAt = now + LOOKS_AT_ALL_NANOS;
        }
        return dueAt;
    }

    /** @param isBacklog whether more are due: then there is no haste for those that come in between */
    void raise(List<Claimed> claimed, boolean isBacklog) {
        long slack = isBacklog ? 0 : SLACK_MILLIS;
        for (Claimed delivery : claimed) {
            dueAt = Math.max(dueAt, delivery.dueAt() - slack);
        }
    }
}
