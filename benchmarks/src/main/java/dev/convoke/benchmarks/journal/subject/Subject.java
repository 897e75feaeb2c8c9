package dev.convoke.benchmarks.journal.subject;

import java.util.List;

/** One way to publish durably and to deliver. What is published is accepted once it is committed. */
public interface Subject extends AutoCloseable {
    /** Begins to deliver, in this process. */
    void listen() throws Exception;

    /** Publishes and returns when that is committed. Thread-safe. */
    void publish(Order order) throws Exception;

    /** Publishes in a transaction that inserts a row of the application's as well. Thread-safe. */
    void publishWithin(Order order) throws Exception;

    /** Publishes to listeners that do not run yet, in order and as fast as can be. */
    void publishAll(List<Order> orders) throws Exception;

    /** Ends the deliveries. */
    @Override
    void close() throws Exception;
}
