package dev.convoke.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Subscription;
import dev.convoke.testing.Waiting;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What a coordinator holds of its deliveries: it is seen through the context that a listener gets. */
final class Tables {
    private final Dispatcher dispatcher;
    private final Set<Gate> gates = ConcurrentHashMap.newKeySet();

    private Tables(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    static Tables of(AsyncEventCoordinator coordinator) {
        CompletableFuture<Dispatcher> found = new CompletableFuture<>();
        AsyncListener<Object> probe = AsyncListener.withContext((payload, context) -> {
            found.complete(((Invocation) context).dispatcher());
            return CompletableFuture.completedFuture(null);
        });
        try (Subscription closedAtOnce = coordinator.subscribeToEvent(
                "probe", probe, ListenerOptions.named("probe").inline())) {
            coordinator.publishEvent("probe").outcome().join();
            assertThat(closedAtOnce.listenerId()).isEqualTo("probe");
        }
        return new Tables(found.join());
    }

    /** A listener that also shows the gate it stands behind. */
    <E> AsyncListener<E> showingItsGate(AsyncListener<E> listener) {
        return AsyncListener.withContext((payload, context) -> {
            gates.add(Gate.of(((Invocation) context).registration()));
            return listener.onEvent(payload);
        });
    }

    int gates() {
        return gates.size();
    }

    Deadlines deadlines() {
        return dispatcher.deadlines();
    }

    /** Waits until nothing is left; the deadlines are another matter, as the watch for slow deliveries is among them. */
    void awaitEmpty() {
        Waiting.until(() -> dispatcher.unfinished().deliveries().isEmpty());
        Waiting.until(() -> dispatcher.limit().inFlight() == 0);
        assertThat(dispatcher.limit().waiting()).isZero();
        assertThat(gates).allSatisfy(Tables::assertEmpty);
        Waiting.until(() -> dispatcher.unobserved().size() == 0);
    }

    private static void assertEmpty(Gate gate) {
        assertThat(gate.lanes()).as("lanes").isZero();
        assertThat(gate.waiting()).as("waiting").isZero();
        assertThat(gate.inside()).as("inside").isZero();
    }
}
