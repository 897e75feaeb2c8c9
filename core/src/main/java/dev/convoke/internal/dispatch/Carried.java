package dev.convoke.internal.dispatch;

import dev.convoke.spi.ContextCarrier;
import dev.convoke.spi.ContextCarrier.Captured;
import dev.convoke.spi.ContextCarrier.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What one publisher's thread had, to be given to the threads of listeners.
 *
 * <p>Thread-safe: immutable. Carriers are users': they are called with no lock held.
 *
 * @param failure what a carrier threw instead of capturing, which fails the deliveries: one that misses what it was
 *     promised does not run
 */
record Carried(List<Captured> captured, @Nullable Throwable failure) {
    /** Takes what this thread has; null where there are no carriers. */
    static @Nullable Carried capture(List<ContextCarrier> carriers) {
        if (carriers.isEmpty()) {
            return null;
        }
        List<Captured> captured = new ArrayList<>(carriers.size());
        try {
            for (ContextCarrier carrier : carriers) {
                captured.add(carrier.capture());
            }
            return new Carried(captured, null);
        } catch (Throwable e) {
            return new Carried(List.of(), e);
        }
    }

    /** Calls with all of it on this thread, and with none of it left afterwards. */
    <T> T around(Callable<T> call) throws Exception {
        if (failure != null) {
            throw new IllegalStateException("a context carrier could not capture at publish: " + failure, failure);
        }
        ArrayDeque<Scope> open = new ArrayDeque<>(captured.size());
        try {
            for (Captured one : captured) {
                open.push(one.restore());
            }
            return call.call();
        } finally {
            open.forEach(Carried::close);
        }
    }

    private static void close(Scope scope) {
        try {
            scope.close();
        } catch (Throwable e) {
            Log.warn("a context carrier could not take back what it had restored", e);
        }
    }
}
