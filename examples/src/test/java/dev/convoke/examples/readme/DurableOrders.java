package dev.convoke.examples.readme;

import static dev.convoke.listener.AsyncListener.blocking;
import static dev.convoke.listener.ListenerOptions.named;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.event.EventType;
import dev.convoke.event.Receipt;
import dev.convoke.journal.JdbcJournal;
import java.nio.file.Path;

/** The first program of the guide to durable listeners. */
// tag::program[]
public class DurableOrders {
    record Order(String customer, int cents) {}

    static final EventType<Order> PLACED =
            EventType.of("order.placed", Order.class).keyedBy(Order::customer);

    public static void main(String[] args) {
        var journal = JdbcJournal.sqlite(Path.of(args[0])); // creates the file if there is none
        try (var coordinator = AsyncEventCoordinator.builder().journal(journal).build()) {
            coordinator.subscribeToEvent(
                    PLACED,
                    blocking(order -> System.out.println("charged " + order)),
                    named("billing").durable());

            Receipt receipt = coordinator
                    .publishEvent(PLACED, new Order("Ada", 2_100))
                    .accepted()
                    .join();
            // The event is committed: billing runs, even if this process is killed here and started again.
            journal.settled(receipt.eventId()).join(); // waits for billing, so that this short program shows it
        }
    }
}
// end::program[]
