package dev.convoke.testing;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.Publication;
import dev.convoke.event.EventType;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.listener.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Uses a coordinator in every way, and leaves it; loaded by a loader of its own, which nothing must hold after that. */
public final class Plugin implements Consumer<AsyncEventCoordinator>, Runnable {
    /** A payload of the plugin's own. */
    public record Order(String id, int number) {}

    /** A failure of the plugin's own. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
    }

    private static final EventType<Order> ORDER =
            EventType.of("plugin.order", Order.class).keyedBy(Order::id);

    private final List<Subscription> subscriptions = new ArrayList<>();

    /** Uses a coordinator of its own, and closes it. */
    @Override
    public void run() {
        try (AsyncEventCoordinator own = AsyncEventCoordinator.builder()
                .onUnobservedFailure(failure -> {})
                .onDeadLetter(letter -> {})
                .build()) {
            accept(own);
        }
    }

    @Override
    public void accept(AsyncEventCoordinator coordinator) {
        subscribe(coordinator);
        settle(coordinator.publishEvent(ORDER, new Order("a", 1)));
        Publication<Order> cancelled = coordinator.publishEvent(ORDER, new Order("b", 2));
        cancelled.cancel();
        settle(cancelled);
        coordinator.publishEvent(ORDER, new Order("c", 3)).cancel();
        coordinator.publishEvent(ORDER, new Order("d", 4)); // nobody looks, and it ends when the listeners leave
        subscriptions.forEach(subscription -> subscription.closeAndDrain(Waiting.LONG));
        coordinator
                .deadLetters()
                .list()
                .forEach(letter -> coordinator.deadLetters().discard(letter.id()));
    }

    private void subscribe(AsyncEventCoordinator coordinator) {
        Duration soon = Duration.ofMillis(1);
        CountDownLatch never = new CountDownLatch(1);
        RetryPolicy twice = RetryPolicy.exponential(2).backoff(soon, soon).on(Refused.class::isInstance);
        add(coordinator, order -> completedFuture(order), ListenerOptions.named("plain"));
        add(
                coordinator,
                order -> failedFuture(new Refused()),
                ListenerOptions.named("retries").retry(twice));
        add(
                coordinator,
                order -> completedFuture(order),
                ListenerOptions.named("ordered").ordered());
        add(
                coordinator,
                order -> completedFuture(order),
                ListenerOptions.named("once").once());
        add(
                coordinator,
                order -> completedFuture(order),
                ListenerOptions.named("inline").inline());
        add(
                coordinator,
                order -> new CompletableFuture<>(),
                ListenerOptions.named("late").timeout(soon));
        add(
                coordinator,
                AsyncListener.blocking(order -> never.await()),
                ListenerOptions.named("blocks").timeout(soon.multipliedBy(20)));
        add(
                coordinator,
                AsyncListener.withContext((order, context) -> {
                    context.onCancel(() -> {});
                    return completedFuture(context.event());
                }),
                ListenerOptions.named("odd").onlyIf(event -> ((Order) event.payload()).number() % 2 == 1));
    }

    private void add(AsyncEventCoordinator coordinator, AsyncListener<Order> listener, ListenerOptions options) {
        subscriptions.add(coordinator.subscribeToEvent(ORDER, listener, options));
    }

    /** Not by way of the JDK's own timer, whose thread would for ever be one that this class has made. */
    private static void settle(Publication<Order> publication) {
        publication.outcome().join();
    }
}
