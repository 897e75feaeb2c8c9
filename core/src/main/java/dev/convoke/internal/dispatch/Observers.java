package dev.convoke.internal.dispatch;

import dev.convoke.spi.CoordinatorObserver;
import java.util.List;
import java.util.function.Consumer;

/** The observers of one coordinator. Thread-safe: immutable. */
final class Observers {
    private final CoordinatorObserver[] observers;

    Observers(List<CoordinatorObserver> observers) {
        this.observers = observers.toArray(new CoordinatorObserver[0]);
    }

    boolean isEmpty() {
        return observers.length == 0;
    }

    /** Tells each of them; what one throws is logged and keeps nothing from the others. */
    void tell(Consumer<CoordinatorObserver> what) {
        for (CoordinatorObserver observer : observers) {
            try {
                what.accept(observer);
            } catch (Throwable e) {
                Log.warn("observer " + observer.getClass().getName() + " failed", e);
            }
        }
    }
}
