package dev.convoke;

import dev.convoke.event.DrainReport;
import dev.convoke.internal.dispatch.Dispatcher;
import dev.convoke.internal.dispatch.Log;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether a coordinator is open, and the one drain that closes it.
 *
 * <p>Thread-safe.
 */
final class Lifecycle {
    /** OPEN → DRAINING → CLOSED, never back. */
    private enum State {
        OPEN,
        DRAINING,
        CLOSED
    }

    private static final DrainReport NOTHING_DRAINED = new DrainReport(0, 0, List.of());

    private final Dispatcher dispatcher;
    private final Duration drainTimeout;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private final CompletableFuture<DrainReport> drained = new CompletableFuture<>();

    /** The thread that drains, while it does. */
    private volatile @Nullable Thread closer;

    Lifecycle(Dispatcher dispatcher, Duration drainTimeout) {
        this.dispatcher = dispatcher;
        this.drainTimeout = drainTimeout;
    }

    boolean isOpen() {
        return state.get() == State.OPEN;
    }

    /** Drains, or waits for the drain that another call has begun; not where that one waits for this. */
    DrainReport close(Duration timeout) {
        if (state.compareAndSet(State.OPEN, State.DRAINING)) {
            return drain(timeout);
        }
        // The first call waits for this listener, or is what runs this code: a callback of what it cancels.
        boolean isWaitedFor = Thread.currentThread().equals(closer) || dispatcher.isInsideListener();
        return isWaitedFor ? reportSoFar() : awaitReport();
    }

    /** Closes with the time-out that it was built with, and logs a warning where something was lost. */
    void close() {
        DrainReport report = close(drainTimeout);
        if (report.cancelled() > 0 || !report.abandoned().isEmpty()) {
            Log.warn(
                    "the coordinator was closed with deliveries unfinished after " + drainTimeout + ": " + report,
                    null);
        }
    }

    private DrainReport drain(Duration timeout) {
        closer = Thread.currentThread();
        try {
            drained.complete(dispatcher.close(timeout));
        } finally {
            closer = null;
            state.set(State.CLOSED);
            drained.complete(NOTHING_DRAINED); // where a user's ticker or handler failed: nobody waits for ever
        }
        return reportSoFar();
    }

    private DrainReport awaitReport() {
        try {
            return drained.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return reportSoFar();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a drain always has a report", e);
        }
    }

    private DrainReport reportSoFar() {
        return drained.getNow(NOTHING_DRAINED);
    }
}
