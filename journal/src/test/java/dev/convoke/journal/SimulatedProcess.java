package dev.convoke.journal;

import static dev.convoke.listener.AsyncListener.blocking;
import static org.assertj.core.api.Assertions.fail;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.PublishOptions;
import dev.convoke.event.EventType;
import dev.convoke.event.Receipt;
import dev.convoke.listener.BlockingListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Subscription;
import dev.convoke.testkit.journal.Order;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process in this JVM: a journal of its own, and the coordinator that uses it. Thread-safe. */
record SimulatedProcess(JdbcJournal journal, AsyncEventCoordinator coordinator) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    static SimulatedProcess of(JdbcJournal journal) {
        return new SimulatedProcess(
                journal, AsyncEventCoordinator.builder().journal(journal).build());
    }

    static ListenerOptions durable(String name) {
        return ListenerOptions.named(name).durable();
    }

    // ---- listening ----

    /** Subscribes to {@link Order#PLACED}, or fails when that takes more than five seconds. */
    Subscription subscribe(ListenerOptions options, BlockingListener<Order> listener) throws Exception {
        return subscribe(Order.PLACED, options, listener);
    }

    <E> Subscription subscribe(EventType<E> type, ListenerOptions options, BlockingListener<E> listener)
            throws Exception {
        return within(
                PATIENCE,
                "the subscription",
                CompletableFuture.supplyAsync(
                        () -> coordinator.subscribeToEvent(type, blocking(listener), options), Daemons.EACH));
    }

    // ---- publishing ----

    /** Publishes an order, or fails when it is not accepted within five seconds. */
    Receipt publish(String customer, int number) throws Exception {
        return publish(Order.PLACED, new Order(customer, number), PATIENCE);
    }

    <E> Receipt publish(EventType<E> type, E payload, Duration limit) throws Exception {
        return publish(type, payload, PublishOptions.defaults(), limit);
    }

    <E> Receipt publish(EventType<E> type, E payload, PublishOptions options, Duration limit) throws Exception {
        return within(limit, "acceptance of " + payload, publishing(type, payload, options));
    }

    /** Publishes an order on another thread; the future is that of its acceptance. */
    CompletableFuture<Receipt> publishing(String customer, int number) {
        return publishing(Order.PLACED, new Order(customer, number));
    }

    <E> CompletableFuture<Receipt> publishing(EventType<E> type, E payload) {
        return publishing(type, payload, PublishOptions.defaults());
    }

    /** On another thread, as publishing itself may be what waits. */
    private <E> CompletableFuture<Receipt> publishing(EventType<E> type, E payload, PublishOptions options) {
        return CompletableFuture.supplyAsync(
                        () -> coordinator.publishEvent(type, payload, options).accepted(), Daemons.EACH)
                .thenCompose(accepted -> accepted);
    }

    /** Publishes an order in the caller's transaction, or fails when that takes more than five seconds. */
    Receipt publishWithin(Connection connection, String customer, int number) throws Exception {
        return publishWithin(connection, new Order(customer, number), PublishOptions.defaults());
    }

    Receipt publishWithin(Connection connection, Order order, PublishOptions options) throws Exception {
        return within(
                PATIENCE,
                "publishWithin of " + order,
                CompletableFuture.supplyAsync(
                        () -> journal.publishWithin(connection, Order.PLACED, order, options), Daemons.EACH));
    }

    /** The future's result, its own exception, or a failure that says what took too long. */
    static <T> T within(Duration limit, String what, CompletableFuture<T> future) throws Exception {
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return fail("%s takes longer than %d ms", what, limit.toMillis());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    // ---- the end ----

    /** Ends it in good order, when nothing runs any more. */
    void end() {
        coordinator.close(PATIENCE);
    }

    /** Ends it in good order, without waiting for listeners that are still at work. */
    void close() {
        coordinator.close(Duration.ofMillis(100));
    }
}
