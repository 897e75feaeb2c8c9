package dev.convoke.journal.operations;

import dev.convoke.journal.DeadDelivery;
import dev.convoke.journal.DeadSelection;
import dev.convoke.journal.JdbcJournal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * What is in the database, by a way that no fault is on: the publishers' and listeners' own tables, and as little as can be of the
 * journal's. Thread-safe.
 *
 * @param number the type of a number that grows with each row
 */
record Tables(Way way, String number, Supplier<JdbcJournal> journal) {
    private static final int MOST_DEAD = 1_000_000;

    /** What a transactional listener has written, in this order. */
    record Effect(long place, String listener, String event, String pod) {}

    /** How a connection is had. */
    @FunctionalInterface
    interface Way {
        Connection open() throws SQLException;
    }

    static Tables of(DataSource database) {
        return new Tables(
                database::getConnection, "BIGINT GENERATED ALWAYS AS IDENTITY", () -> JdbcJournal.open(database));
    }

    static Tables of(Path file) {
        return new Tables(
                () -> DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=30000"),
                "INTEGER",
                () -> JdbcJournal.sqlite(file));
    }

    Connection connect() throws SQLException {
        return way.open();
    }

    /** Makes the journal's tables, and our own. */
    void create() throws SQLException {
        journal.get().close();
        execute("CREATE TABLE effect (place " + number
                + " PRIMARY KEY, listener TEXT NOT NULL, event TEXT NOT NULL, pod TEXT NOT NULL)");
        execute("CREATE TABLE business (event TEXT NOT NULL)");
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    List<String> business() throws SQLException {
        return list("SELECT event FROM business", rows -> rows.getString(1));
    }

    List<Effect> effects() throws SQLException {
        return list(
                "SELECT place, listener, event, pod FROM effect ORDER BY place",
                rows -> new Effect(rows.getLong(1), rows.getString(2), rows.getString(3), rows.getString(4)));
    }

    /** How many deliveries are neither done nor dead, by their state. */
    List<String> open() throws SQLException {
        return list(
                "SELECT listener, state, count(*) FROM convoke_delivery WHERE state NOT IN ('DEAD', 'DISCARDED')"
                        + " GROUP BY listener, state ORDER BY listener, state",
                rows -> rows.getString(1) + " " + rows.getString(2) + " " + rows.getLong(3));
    }

    List<DeadDelivery> dead() {
        try (JdbcJournal opened = journal.get()) {
            return opened.deadDeliveries(DeadSelection.all(), MOST_DEAD);
        }
    }

    private interface Row<T> {
        T of(ResultSet rows) throws SQLException;
    }

    private <T> List<T> list(String sql, Row<T> row) throws SQLException {
        List<T> values = new ArrayList<>();
        try (Connection connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(row.of(rows));
            }
        }
        return values;
    }
}
