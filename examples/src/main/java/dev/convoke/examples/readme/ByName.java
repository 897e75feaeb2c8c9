package dev.convoke.examples.readme;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.event.EventArguments;

/** Events by name alone, with positional and named arguments, as in the asyncio original. */
public final class ByName {
    private ByName() {}

    /** Publishes one event and prints what its listeners returned. */
    public static void main(String[] args) {
        try (var coordinator = new AsyncEventCoordinator()) {
            // tag::names[]
            coordinator.subscribeToEvent("user.signed-up", a -> completedFuture("welcome " + a.get(0, String.class)));
            coordinator.subscribeToEvent("user.signed-up", a -> completedFuture(a.get("visits", int.class)));

            var arguments = EventArguments.of("ada@example.org").with("visits", 1);
            var values = coordinator
                    .publishEvent("user.signed-up", arguments)
                    .gather()
                    .join();
            // end::names[]
            System.out.println(values);
        }
    }
}
