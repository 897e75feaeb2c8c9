package dev.convoke.examples.readme;

import static dev.convoke.listener.AsyncListener.blocking;
import static dev.convoke.listener.ListenerOptions.named;
import static dev.convoke.listener.RetryPolicy.exponential;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.PublishOptions;
import dev.convoke.event.EventType;
import java.util.concurrent.CountDownLatch;

/** Time-outs, deadlines, and the several ways to wait. */
public final class WithOptions {
    private record Order(String customer, int total) {}

    private static final EventType<Order> PLACED = EventType.of("order.placed", Order.class);

    private WithOptions() {}

    /** Publishes one event and prints its results. */
    public static void main(String[] args) throws Exception {
        var neverOpens = new CountDownLatch(1);
        try (var coordinator = AsyncEventCoordinator.builder()
                .onUnobservedFailure(failure -> System.err.println(failure.cause()))
                .build()) {
            // tag::options[]
            coordinator.subscribeToEvent(
                    PLACED,
                    blocking(order -> neverOpens.await()),
                    named("ledger").timeout(ofMillis(50)));
            coordinator.subscribeToEvent(
                    PLACED,
                    order -> completedFuture("audited"),
                    named("audit").ordered().retry(exponential(5)));

            var options = PublishOptions.defaults().key("c-42").deadline(ofSeconds(2));
            var publication = coordinator.publishEvent(PLACED, new Order("Ada", 21), options);
            var first = publication.first(); // a future of the first value in time
            var outcome = publication.await(ofSeconds(5)); // or outcome(), gather(), cancel()
            // end::options[]
            System.out.println("first: " + first.join());
            outcome.results()
                    .forEach(r -> System.out.println(
                            r.listener() + ": " + r.getClass().getSimpleName()));
        }
    }
}
