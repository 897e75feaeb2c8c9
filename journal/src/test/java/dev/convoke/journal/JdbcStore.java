package dev.convoke.journal;

import dev.convoke.PublishOptions;
import dev.convoke.event.EventType;
import dev.convoke.listener.AsyncListener;
import dev.convoke.spi.EventJournal;
import dev.convoke.testkit.journal.JournalSetup;
import dev.convoke.testkit.journal.JournalStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A database as the compatibility kit sees it. */
final class JdbcStore implements JournalStore {
    private static final int ALL = 1_000;

    private final Function<JournalOptions, JdbcJournal> opener;
    private final Connections connections;
    private final String lockEvents;

    /** @param lockEvents a statement after which nobody else writes events until the transaction ends */
    JdbcStore(Function<JournalOptions, JdbcJournal> opener, Connections connections, String lockEvents) {
        this.opener = opener;
        this.connections = connections;
        this.lockEvents = lockEvents;
    }

    /** Where a user's own connections come from. */
    interface Connections {
        Connection connect() throws SQLException;
    }

    @Override
    public EventJournal open(JournalSetup setup) {
        JournalOptions options = JournalOptions.defaults()
                .sessionTtl(setup.sessionTtl())
                .retention(setup.retention())
                .unreadableGrace(setup.unreadableGrace())
                .maxBacklog(setup.maxBacklog())
                .maxPayloadBytes(setup.maxPayloadBytes());
        for (Map.Entry<String, String> renamed : setup.renamedListeners().entrySet()) {
            options = options.renamedListener(renamed.getKey(), renamed.getValue());
        }
        for (Map.Entry<String, String> renamed : setup.renamedEvents().entrySet()) {
            options = options.renamedEvent(renamed.getKey(), renamed.getValue());
        }
        return opener.apply(options);
    }

    // ---- what there is ----

    @Override
    public List<Unfinished> unfinished(String eventId) throws SQLException {
        String sql = """
                SELECT l.name, d.state, d.reason, d.attempts, d.error
                FROM convoke_delivery d JOIN convoke_event e ON e.id = d.event JOIN convoke_listener l ON l.id = d.listener
                WHERE e.source = '/convoke' AND e.event_id = ? ORDER BY l.name""";
        return query(
                sql,
                eventId,
                row -> new Unfinished(
                        row.getString(1),
                        state(row.getString(2)),
                        text(row.getString(3)),
                        row.getInt(4),
                        text(row.getString(5))));
    }

    private static State state(String kept) {
        return kept.equals("DEAD") ? State.DEAD : kept.equals("DISCARDED") ? State.DISCARDED : State.OPEN;
    }

    private static String text(String orNull) {
        return Optional.ofNullable(orNull).orElse("");
    }

    @Override
    public int unfinished() throws SQLException {
        return query(
                        "SELECT (SELECT count(*) FROM convoke_delivery) + (SELECT count(*) FROM convoke_inbox WHERE name <> ?)",
                        "",
                        row -> row.getInt(1))
                .get(0);
    }

    @Override
    public int events(String eventName) throws SQLException {
        return query("SELECT count(*) FROM convoke_event WHERE name = ?", eventName, row -> row.getInt(1))
                .get(0);
    }

    @Override
    public long staleResults(EventJournal journal) {
        return jdbc(journal).staleResults();
    }

    private static JdbcJournal jdbc(EventJournal journal) {
        return (JdbcJournal) journal;
    }

    // ---- what an operator does ----

    @Override
    public int retryDead(EventJournal journal) {
        return jdbc(journal).retryDead(DeadSelection.all(), Duration.ofMillis(1), ALL);
    }

    @Override
    public int discardDead(EventJournal journal) {
        return jdbc(journal).discardDead(DeadSelection.all());
    }

    @Override
    public int restoreDiscarded(EventJournal journal) {
        return jdbc(journal).restoreDiscarded(DeadSelection.all());
    }

    @Override
    public boolean isOrphaned(EventJournal journal, String listener) {
        return jdbc(journal).listeners().stream()
                .filter(status -> status.listener().equals(listener))
                .anyMatch(DurableListenerStatus::isOrphaned);
    }

    @Override
    public int retire(EventJournal journal, String listener) {
        return jdbc(journal).retire(listener);
    }

    // ---- what befalls it ----

    @Override
    public void takeAllForDead() throws SQLException {
        execute("DELETE FROM convoke_session");
    }

    @Override
    public void spoilPayload(String eventName) throws SQLException {
        execute("UPDATE convoke_event SET payload = '{\"customer\": [1' WHERE name = '" + eventName + "'");
    }

    @Override
    public void holdCommits(Meanwhile meanwhile) throws Exception {
        try (Connection connection = connections.connect()) {
            connection.setAutoCommit(false);
            execute(connection, lockEvents);
            meanwhile.run();
            connection.rollback();
        }
    }

    @Override
    public void refuseEvents(Meanwhile meanwhile) throws Exception {
        execute("ALTER TABLE convoke_event RENAME TO away");
        meanwhile.run();
        execute("ALTER TABLE away RENAME TO convoke_event");
    }

    // ---- transactions ----

    @Override
    public Transaction begin() throws SQLException {
        Connection connection = connections.connect();
        connection.setAutoCommit(false);
        return new Transaction() {
            @Override
            public <E> void publish(EventJournal journal, EventType<E> type, E payload, PublishOptions options) {
                jdbc(journal).publishWithin(connection, type, payload, options);
            }

            @Override
            public void commit() throws SQLException {
                connection.commit();
            }

            @Override
            public void rollback() throws SQLException {
                connection.rollback();
            }

            @Override
            public void close() {
                try {
                    connection.rollback();
                    connection.close();
                } catch (SQLException e) {
                    throw new AssertionError(e);
                }
            }
        };
    }

    @Override
    public <E> AsyncListener<E> transactional(Effect<E> effect) {
        return JdbcListeners.transactional((event, connection) -> effect.of(event, note -> write(connection, note)));
    }

    private static void write(Connection connection, String note) {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO note (text) VALUES (?)")) {
            insert.setString(1, note);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Makes the table that notes are in. */
    void createNotes() {
        try {
            execute("CREATE TABLE note (text TEXT NOT NULL)");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public List<String> ledger() throws SQLException {
        return query("SELECT text FROM note WHERE text <> ?", "", row -> row.getString(1));
    }

    // ---- SQL ----

    void execute(String sql) throws SQLException {
        try (Connection connection = connections.connect()) {
            execute(connection, sql);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(String sql, String parameter, Reader<T> reader) throws SQLException {
        List<T> found = new ArrayList<>();
        try (Connection connection = connections.connect();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, parameter);
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                found.add(reader.read(rows));
            }
        }
        return found;
    }
}
