package dev.convoke.benchmarks.journal.subject;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.Submitter;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import com.gruelbox.transactionoutbox.TransactionOutboxEntry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * transaction-outbox with a pool for deliveries, and with the thread of its documentation that flushes until nothing is left and
 * then pauses, here for 10 ms. An entry for each listener, in one transaction.
 */
final class TransactionOutboxPeer implements Subject {
    private static final Duration ATTEMPT_FREQUENCY = Duration.ofMinutes(2); // its default
    private static final int CHUNK = 500;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Setup setup;
    private final TransactionManager transactions;
    private TransactionOutbox outbox;
    private final ExecutorService deliveries;
    private final Thread flushing = new Thread(this::flush, "flush");
    private volatile boolean listening;
    private volatile boolean ending;

    TransactionOutboxPeer(Setup setup) throws SQLException {
        this.setup = setup;
        deliveries = Executors.newFixedThreadPool(setup.threads());
        transactions = TransactionManager.fromDataSource(setup.dataSource());
        // Nobody here attempts it, so that others may at once: by a clock that is slow, as the first attempt has to be
        // in the future.
        outbox = outbox(Clock.offset(Clock.systemUTC(), ATTEMPT_FREQUENCY.negated()));
        Business.createTable(setup.dataSource());
    }

    /** What is published is told to it by its class's name. */
    public interface Receiver {
        void receive(int listener, String customer, int number);
    }

    private TransactionOutbox outbox(Clock clock) {
        Receiver receiver =
                (listener, customer, number) -> setup.handler().handle(listener, new Order(customer, number));
        return TransactionOutbox.builder()
                .transactionManager(transactions)
                .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
                .instantiator(Instantiator.using(type -> receiver))
                .submitter(this::submit)
                .attemptFrequency(ATTEMPT_FREQUENCY)
                .clockProvider(() -> clock)
                .build();
    }

    private void submit(TransactionOutboxEntry entry, Consumer<TransactionOutboxEntry> processing) {
        if (listening) {
            Submitter.withExecutor(deliveries).submit(entry, processing);
        }
    }

    @Override
    public void listen() {
        listening = true;
        outbox = outbox(Clock.systemUTC());
        flushing.start();
    }

    private void flush() {
        while (!ending) {
            if (!outbox.flush()) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    @Override
    public void publish(Order order) {
        transactions.inTransaction(transaction -> schedule(order));
    }

    @Override
    public void publishWithin(Order order) throws SQLException {
        transactions.inTransactionThrows(transaction -> {
            Business.insert(transaction.connection(), order);
            schedule(order);
        });
    }

    @Override
    public void publishAll(List<Order> orders) {
        for (int from = 0; from < orders.size(); from += CHUNK) {
            List<Order> chunk = orders.subList(from, Math.min(from + CHUNK, orders.size()));
            transactions.inTransaction(transaction -> chunk.forEach(this::schedule));
        }
    }

    private void schedule(Order order) {
        for (int listener = 0; listener < setup.listeners(); listener++) {
            outbox.schedule(Receiver.class).receive(listener, order.customer(), order.number());
        }
    }

    @Override
    public void close() throws InterruptedException {
        ending = true;
        flushing.join();
        deliveries.shutdownNow();
    }
}
