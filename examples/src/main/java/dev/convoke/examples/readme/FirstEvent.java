package dev.convoke.examples.readme;

// tag::program[]
import static dev.convoke.listener.AsyncListener.blocking;
import static dev.convoke.listener.AsyncListener.computing;
import static dev.convoke.listener.ListenerOptions.named;
import static java.util.concurrent.CompletableFuture.supplyAsync;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.EventType;
import java.nio.file.Files;
import java.nio.file.Path;

public class FirstEvent {
    record Order(String customer, int total) {}

    static final EventType<Order> PLACED = EventType.of("order.placed", Order.class);

    public static void main(String[] args) throws InterruptedException {
        try (var coordinator = new AsyncEventCoordinator()) {
            coordinator.subscribeToEvent(PLACED, order -> supplyAsync(() -> "Dear " + order.customer()), named("mail"));
            coordinator.subscribeToEvent(PLACED, computing(order -> order.total() * 2), named("points"));
            coordinator.subscribeToEvent(
                    PLACED, blocking(order -> Files.readString(Path.of("no-ledger"))), named("ledger"));

            var outcome = coordinator.publishEvent(PLACED, new Order("Ada", 21)).await();
            for (var result : outcome.results()) {
                var value = result instanceof Succeeded ok
                        ? ok.value()
                        : result.failure().get();
                System.out.println(result.listener() + ": " + value);
            }
        }
    }
}
// end::program[]
