package dev.convoke.journal.internal;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.journal.internal.DeliveryTable.Claimed;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that a listener has ended, and how; what the application's code says of that is asked before it is here.
 *
 * <p>Thread-safe: immutable but for one flag, which is confined to the worker's thread.
 */
final class Ended {
    final Claimed delivery;
    final Local local;

    /** As it was stored. */
    final StoredEvent stored;

    /** Null where it could not be read. */
    final @Nullable Event<?> event;

    final DeliveryResult result;

    /** Whether its retry policy wants another attempt. */
    final boolean isRetried;

    /** What it failed with, in words. */
    final String error;

    final Fence fence;

    /** Whether the event was stored, or last of use, so long ago that it has to be remembered from now on. */
    final boolean isOld;

    /** Whether this may have been written down: the reply to that commit was lost. */
    boolean mayBeWritten;

    Ended(
            Due due,
            @Nullable Event<?> event,
            DeliveryResult result,
            boolean isRetried,
            String error,
            Fence fence,
            boolean isOld) {
        this.delivery = due.delivery();
        this.local = due.local();
        this.stored = due.event();
        this.event = event;
        this.result = result;
        this.isRetried = isRetried;
        this.error = error;
        this.fence = fence;
        this.isOld = isOld;
    }
}
