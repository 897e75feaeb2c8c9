package dev.convoke.benchmarks.journal.subject;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/** SQLite's. Its writers take turns by a lock of this process, as SQLite's own waiting is a sleep. */
final class SqliteDialect implements Dialect {
    private static final String EVENT_TABLE = """
            CREATE TABLE IF NOT EXISTS alone_event (id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE,
                customer TEXT NOT NULL, number INTEGER NOT NULL)""";
    private static final String DELIVERY_TABLE = """
            CREATE TABLE IF NOT EXISTS alone_delivery (event INTEGER NOT NULL, listener INTEGER NOT NULL,
                PRIMARY KEY (event, listener)) WITHOUT ROWID""";
    private static final String EVENT =
            "INSERT INTO alone_event (event_id, customer, number) VALUES (?, ?, ?) RETURNING id";
    private static final String DELIVERY = "INSERT INTO alone_delivery VALUES (?, ?)";
    private static final String DUE = """
            SELECT event, listener, customer, number
            FROM (SELECT event, listener FROM alone_delivery ORDER BY event, listener LIMIT ?) JOIN alone_event ON id = event
            ORDER BY event, listener""";
    private static final String DELETE = "DELETE FROM alone_delivery WHERE (event, listener) <= (?, ?)";

    private final ReentrantLock writers = new ReentrantLock(true);

    @Override
    public void createTables(DataSource dataSource) throws SQLException {
        Business.execute(dataSource, EVENT_TABLE);
        Business.execute(dataSource, DELIVERY_TABLE);
    }

    @Override
    public Turn turn() {
        writers.lock();
        return writers::unlock;
    }

    @Override
    public void append(Connection connection, List<Order> orders, int listeners) throws SQLException {
        try (Turn turn = turn()) {
            connection.setAutoCommit(false);
            insert(connection, orders, listeners);
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    @Override
    public void insert(Connection connection, List<Order> orders, int listeners) throws SQLException {
        try (PreparedStatement event = connection.prepareStatement(EVENT);
                PreparedStatement delivery = connection.prepareStatement(DELIVERY)) {
            for (Order order : orders) {
                event.setString(1, UUID.randomUUID().toString());
                event.setString(2, order.customer());
                event.setInt(3, order.number());
                try (ResultSet id = event.executeQuery()) {
                    id.next();
                    delivery.setLong(1, id.getLong(1));
                }
                for (int listener = 0; listener < listeners; listener++) {
                    delivery.setInt(2, listener);
                    delivery.executeUpdate();
                }
            }
        }
    }

    @Override
    public List<Due> take(Connection connection, int atMost, boolean ordered) throws SQLException {
        List<Due> due = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(DUE)) {
            select.setInt(1, atMost);
            ResultSet rows = select.executeQuery();
            long event = 0;
            while (rows.next()) {
                event = rows.getLong(1);
                due.add(new Due(rows.getInt(2), new Order(rows.getString(3), rows.getInt(4))));
            }
            if (!due.isEmpty()) {
                delete(connection, event, due.get(due.size() - 1).listener());
            }
        }
        return due;
    }

    /** Up to the last that was read. */
    private static void delete(Connection connection, long event, int listener) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            delete.setLong(1, event);
            delete.setInt(2, listener);
            delete.executeUpdate();
        }
    }
}
