package dev.convoke.journal.internal;

import dev.convoke.journal.DeadReason;
import dev.convoke.journal.EventStatus;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be asked about an event. Thread-safe: it has no state of its own. */
final class StatusTable {
    private final Database database;
    private final InboxTable inbox;

    StatusTable(Database database) {
        this.database = database;
        this.inbox = new InboxTable(database);
    }

    Optional<EventStatus> find(Connection connection, String source, String eventId, Catalog catalog)
            throws SQLException {
        Optional<EventStatus> sequenced = sequenced(connection, source, eventId);
        if (sequenced.isPresent()) {
            return sequenced;
        }
        Optional<StoredEvent> waiting = inbox.find(connection, source, eventId);
        return waiting.isPresent()
                ? Optional.of(waiting(connection, waiting.orElseThrow(), catalog))
                : sequenced(connection, source, eventId); // it may have been at that moment
    }

    private Optional<EventStatus> sequenced(Connection connection, String source, String eventId) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                database.sql("SELECT id, name, deliveries FROM convoke_event WHERE source = ? AND event_id = ?"))) {
            select.setString(1, source);
            select.setString(2, eventId);
            ResultSet rows = select.executeQuery();
            if (!rows.next()) {
                return Optional.empty();
            }
            List<EventStatus.Delivery> open = open(connection, rows.getLong(1));
            int done = rows.getInt(3) - open.size();
            return Optional.of(new EventStatus(URI.create(source), eventId, rows.getString(2), done, open));
        }
    }

    /** It is committed, and nobody has looked so far who listens to it. */
    private EventStatus waiting(Connection connection, StoredEvent event, Catalog catalog) throws SQLException {
        List<EventStatus.Delivery> open = new ArrayList<>();
        for (Catalog.Wanting listener : catalog.matching(event.name())) {
            open.add(new EventStatus.Delivery(
                    nameOf(connection, listener.listener()),
                    EventStatus.State.WAITING,
                    0,
                    0,
                    Optional.empty(),
                    Optional.empty()));
        }
        return new EventStatus(URI.create(event.source()), event.eventId(), event.name(), 0, open);
    }

    private String nameOf(Connection connection, String listenerId) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(database.sql("SELECT name FROM convoke_listener WHERE id = ?"))) {
            select.setString(1, listenerId);
            ResultSet row = select.executeQuery();
            return row.next() ? row.getString(1) : listenerId;
        }
    }

    private List<EventStatus.Delivery> open(Connection connection, long event) throws SQLException {
        List<EventStatus.Delivery> open = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement(database.sql("""
                SELECT coalesce(l.name, d.listener), d.state, d.attempts, d.crashes, d.reason, d.error
                FROM convoke_delivery d %s WHERE d.event = ? ORDER BY 1""".formatted(ListenerTable.JOINED)))) {
            select.setLong(1, event);
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                open.add(new EventStatus.Delivery(
                        rows.getString(1),
                        EventStatus.State.valueOf(rows.getString(2)),
                        rows.getInt(3),
                        rows.getInt(4),
                        Optional.ofNullable(rows.getString(5)).map(DeadReason::valueOf),
                        Optional.ofNullable(rows.getString(6))));
            }
        }
        return open;
    }
}
