package dev.convoke.benchmarks.journal.subject;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.PublishOptions;
import dev.convoke.event.EventType;
import dev.convoke.journal.JdbcJournal;
import dev.convoke.journal.JournalOptions;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Subscription;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.postgresql.ds.PGSimpleDataSource;

/** Convoke with its defaults, and with notifications where a row asks for them. */
final class Convoke implements Subject {
    private static final int WAITING_FOR_COMMIT = 4_000; // just below what a process may have waiting

    private final Setup setup;
    private final EventType<Order> type;
    private final JdbcJournal journal;
    private final AsyncEventCoordinator coordinator;

    Convoke(Setup setup) throws SQLException {
        this.setup = setup;
        EventType<Order> plain = EventType.of("benchmark", Order.class);
        type = setup.ordered() ? plain.keyedBy(Order::customer) : plain;
        journal = open(setup);
        coordinator = AsyncEventCoordinator.builder().journal(journal).build();
        Business.createTable(setup.dataSource());
    }

    private static JdbcJournal open(Setup setup) {
        if (setup.isSqlite()) {
            return JdbcJournal.sqlite(setup.file());
        }
        JournalOptions options = JournalOptions.defaults();
        return JdbcJournal.open(
                setup.dataSource(), setup.notifications() ? options.notifications(direct(setup)) : options);
    }

    private static PGSimpleDataSource direct(Setup setup) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(setup.url());
        return dataSource;
    }

    @Override
    public void listen() {
        subscribe();
    }

    private List<Subscription> subscribe() {
        List<Subscription> subscriptions = new ArrayList<>();
        for (int i = 0; i < setup.listeners(); i++) {
            int listener = i;
            ListenerOptions options = ListenerOptions.named("listener-" + i).durable();
            subscriptions.add(coordinator.subscribeToEvent(
                    type,
                    AsyncListener.blocking(order -> setup.handler().handle(listener, order)),
                    setup.ordered() ? options.ordered() : options));
        }
        return subscriptions;
    }

    @Override
    public void publish(Order order) {
        coordinator.publishEvent(type, order).accepted().join();
    }

    @Override
    public void publishWithin(Order order) throws SQLException {
        try (Connection connection = setup.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            Business.insert(connection, order);
            journal.publishWithin(connection, type, order, PublishOptions.defaults());
            connection.commit();
        }
    }

    /** The journal has to know the listeners, hence the subscriptions; they are paused so that nothing is delivered. */
    @Override
    public void publishAll(List<Order> orders) {
        subscribe().forEach(Subscription::pause);
        List<CompletableFuture<?>> accepted = new ArrayList<>();
        for (Order order : orders) {
            accepted.add(coordinator.publishEvent(type, order).accepted());
            if (accepted.size() == WAITING_FOR_COMMIT) {
                await(accepted);
            }
        }
        await(accepted);
    }

    private static void await(List<CompletableFuture<?>> accepted) {
        CompletableFuture.allOf(accepted.toArray(CompletableFuture[]::new)).join();
        accepted.clear();
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
