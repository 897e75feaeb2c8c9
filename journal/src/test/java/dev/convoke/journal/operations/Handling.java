package dev.convoke.journal.operations;

import dev.convoke.journal.JdbcListeners;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.EventContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;

/** Makes listeners that write down when they begin and end. Thread-safe. */
record Handling(PodLog log, String incarnation) {
    /** One that takes up to so many milliseconds. */
    <E> AsyncListener<E> plain(String listener, int millis) {
        return AsyncListener.blockingWithContext((E payload, EventContext context) -> {
            long run = started(listener, context);
            dawdle(millis);
            log.ended(run, true);
        });
    }

    /** One that fails at those attempts, from 1. */
    <E> AsyncListener<E> failing(String listener, int millis, Doom doom) {
        return AsyncListener.blockingWithContext((E payload, EventContext context) -> {
            long run = started(listener, context);
            dawdle(millis);
            boolean fails = doom.of(context.event().id()).test(context.attempt());
            log.ended(run, !fails);
            if (fails) {
                throw new IllegalStateException("attempt " + context.attempt() + " is to fail");
            }
        });
    }

    /** At which attempts an event's delivery is to fail. */
    @FunctionalInterface
    interface Doom {
        IntPredicate of(String event);
    }

    /** One that writes an effect, in the transaction that ends its delivery. */
    <E> AsyncListener<E> transactional(String listener, int millis) {
        return AsyncListener.blockingWithContext((E payload, EventContext context) ->
                // One for each delivery, as it is to know the attempt.
                JdbcListeners.<E>transactional((event, connection) -> write(listener, millis, connection, context))
                        .onEvent(payload, context));
    }

    private void write(String listener, int millis, Connection connection, EventContext context) throws SQLException {
        long run = started(listener, context);
        boolean well = false;
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO effect (listener, event, pod) VALUES (?, ?, ?)")) {
            insert.setString(1, listener);
            insert.setString(2, context.event().id());
            insert.setString(3, incarnation);
            insert.executeUpdate();
            dawdle(millis);
            well = true;
        } finally {
            log.ended(run, well); // before the commit, as the next of the key may begin right after it
        }
    }

    private long started(String listener, EventContext context) {
        return log.started(listener, context.event().id(), context.attempt());
    }

    /** As one that works for so long, at most. */
    private static void dawdle(int millis) {
        long until = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(1 + ThreadLocalRandom.current().nextInt(millis));
        while (System.nanoTime() < until && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }
}
