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

/** What can be asked about an event. Thread-safe: it has no state. */
final class StatusTable {
    Optional<EventStatus> find(Connection connection, URI source, String eventId) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT id, name, deliveries FROM convoke_event WHERE source = ? AND event_id = ?")) {
            select.setString(1, source.toString());
            select.setString(2, eventId);
            ResultSet rows = select.executeQuery();
            if (!rows.next()) {
                return Optional.empty();
            }
            List<EventStatus.Delivery> open = open(connection, rows.getLong(1));
            int done = rows.getInt(3) - open.size();
            return Optional.of(new EventStatus(source, eventId, rows.getString(2), done, open));
        }
    }

    private static List<EventStatus.Delivery> open(Connection connection, long event) throws SQLException {
        List<EventStatus.Delivery> open = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                        SELECT listener, state, attempts, crashes, reason, error FROM convoke_delivery
                        WHERE event = ? ORDER BY listener""")) {
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
