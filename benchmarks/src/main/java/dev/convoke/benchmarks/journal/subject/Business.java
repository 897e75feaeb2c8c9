package dev.convoke.benchmarks.journal.subject;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The application's own table, into which {@link Subject#publishWithin} inserts. */
final class Business {
    private Business() {}

    static void createTable(DataSource dataSource) throws SQLException {
        execute(dataSource, "CREATE TABLE IF NOT EXISTS business (number INTEGER PRIMARY KEY, customer TEXT NOT NULL)");
    }

    static void insert(Connection connection, Order order) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO business VALUES (?, ?)")) {
            statement.setInt(1, order.number());
            statement.setString(2, order.customer());
            statement.executeUpdate();
        }
    }

    /** Executes a statement of its own, as one that makes tables. */
    static void execute(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
