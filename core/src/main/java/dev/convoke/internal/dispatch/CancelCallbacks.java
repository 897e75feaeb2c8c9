package dev.convoke.internal.dispatch;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What a listener wants to have run when its delivery is cancelled or times out.
 *
 * <p>Thread-safe: a stack, for which {@link #TAKEN} stands once the delivery has been stopped. What comes later is run by
 * whoever brings it.
 */
final class CancelCallbacks {
    private static final Node TAKEN = new Node(() -> {}, null);

    /** Those of a delivery that was stopped before its listener wanted any. */
    static final CancelCallbacks NONE = new CancelCallbacks(TAKEN);

    private final AtomicReference<@Nullable Node> top;

    /** Those that were there when the delivery was stopped, until they are run. */
    private final AtomicReference<@Nullable Node> taken = new AtomicReference<>();

    CancelCallbacks() {
        this(null);
    }

    private CancelCallbacks(@Nullable Node top) {
        this.top = new AtomicReference<>(top);
    }

    private record Node(Runnable callback, @Nullable Node next) {}

    /** Keeps the callback, or says that it is too late for that. */
    boolean add(Runnable callback) {
        Node current = top.get();
        while (!isTaken(current)) {
            if (top.compareAndSet(current, new Node(callback, current))) {
                return true;
            }
            current = top.get();
        }
        return false;
    }

    @SuppressWarnings("ReferenceEquality") // it is this very node that says so
    private static boolean isTaken(@Nullable Node node) {
        return node == TAKEN;
    }

    /** The delivery was stopped: nothing is kept from now on. Harmless twice. */
    void take() {
        Node current = top.getAndSet(TAKEN);
        if (!isTaken(current)) {
            taken.set(current);
        }
    }

    boolean isAnyTaken() {
        return taken.get() != null;
    }

    /** Runs what was taken, once, each whatever the others do. */
    void run(DeliveryContext delivery) {
        for (Node node = taken.getAndSet(null); node != null; node = node.next()) {
            run(node.callback(), delivery);
        }
    }

    static void run(Runnable callback, DeliveryContext delivery) {
        try {
            callback.run();
        } catch (Throwable e) {
            Log.warn("an onCancel callback of " + delivery + " failed", e);
        }
    }
}
