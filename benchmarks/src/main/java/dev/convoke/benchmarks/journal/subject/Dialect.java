package dev.convoke.benchmarks.journal.subject;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** The statements of {@link SqlAlone} for one database. */
interface Dialect {
    void createTables(DataSource dataSource) throws SQLException;

    /** Waits until this thread may write; others wait until the turn is closed, which is after the commit. */
    Turn turn();

    /** Inserts and commits, on a connection that commits each statement by itself. */
    void append(Connection connection, List<Order> orders, int listeners) throws SQLException;

    /** Inserts events, each with one delivery per listener. */
    void insert(Connection connection, List<Order> orders, int listeners) throws SQLException;

    /** Deletes some deliveries, the oldest first, in a transaction that stays open; none where another process has them. */
    List<Due> take(Connection connection, int atMost, boolean ordered) throws SQLException;

    /** The time in which a thread writes. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /** A delivery to make. */
    record Due(int listener, Order order) {}
}
