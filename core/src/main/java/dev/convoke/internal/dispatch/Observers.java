package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.spi.CoordinatorObserver;
import java.time.Duration;
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

    void started(Invocation invocation) {
        if (!isEmpty()) {
            tell(o -> o.onStart(invocation.event(), invocation.listenerId(), invocation.attempt()));
        }
    }

    void settled(LivePublication<?> publication, DeliveryResult result) {
        if (publication.isWatched()) {
            tell(o -> o.onResult(publication.event(), result));
        }
    }

    void retried(Invocation next, DeliveryResult failed, long due) {
        if (!isEmpty()) {
            long now = next.dispatcher().deadlines().now();
            Duration delay = Duration.ofNanos(Math.max(0, due - now));
            tell(o -> o.onRetry(next.event(), failed, next.attempt(), delay));
        }
    }

    void late(Invocation invocation) {
        Duration took = invocation.took();
        tell(o -> o.onLateCompletion(invocation.event(), invocation.listenerId(), took));
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
