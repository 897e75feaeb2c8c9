package dev.convoke.benchmarks.journal.subject;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** The statements of {@link SqlAlone} for one database. */
interface Dialect {
    void createTables(DataSource dataSource) throws SQLException;

    /** Inserts events with a delivery for each of so many listeners; commits them if the connection commits by itself. */
    void insert(Connection connection, List<Order> orders, int listeners) throws SQLException;

    /** Deletes some deliveries, the oldest first, in a transaction that stays open; none where another process has them. */
    List<Due> take(Connection connection, int atMost, boolean ordered) throws SQLException;

    /** A delivery to make. */
    record Due(int listener, Order order) {}
}
