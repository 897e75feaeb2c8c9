package dev.convoke.benchmarks.journal.subject;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The ceiling: the least that makes the same promise, by SQL written by hand.
 *
 * <p>Publications that come at the same time share a commit. A worker deletes a batch of deliveries, runs their handlers and
 * commits, so that a crash gives them back. Where order is asked for there is one such worker in all processes, and else two
 * in each process.
 */
final class SqlAlone implements Subject {
    static final int WORKERS = 2;
    private static final int CHUNK = 1_000;

    private final Setup setup;
    private final Dialect dialect;
    private final GroupCommit appender;
    private final List<Worker> workers;

    SqlAlone(Setup setup) throws SQLException {
        this.setup = setup;
        dialect = setup.isSqlite() ? new SqliteDialect() : new PostgresqlDialect();
        dialect.createTables(setup.dataSource());
        Business.createTable(setup.dataSource());
        appender = new GroupCommit(setup.dataSource(), dialect, setup.listeners());
        workers = Stream.generate(() -> new Worker(setup, dialect))
                .limit(setup.ordered() ? 1 : WORKERS)
                .toList();
    }

    @Override
    public void listen() {
        workers.forEach(Thread::start);
    }

    @Override
    public void publish(Order order) {
        appender.append(order);
        workers.forEach(LockSupport::unpark);
    }

    @Override
    public void publishWithin(Order order) throws SQLException {
        try (Connection connection = setup.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            Business.insert(connection, order);
            dialect.insert(connection, List.of(order), setup.listeners());
            connection.commit();
        }
        workers.forEach(LockSupport::unpark);
    }

    @Override
    public void publishAll(List<Order> orders) throws SQLException {
        try (Connection connection = setup.dataSource().getConnection()) {
            for (int from = 0; from < orders.size(); from += CHUNK) {
                dialect.append(
                        connection, orders.subList(from, Math.min(from + CHUNK, orders.size())), setup.listeners());
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        appender.close();
        for (Worker worker : workers) {
            worker.end();
        }
    }
}
