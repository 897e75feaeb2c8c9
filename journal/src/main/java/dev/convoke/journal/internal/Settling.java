package dev.convoke.journal.internal;

import dev.convoke.journal.EventStatus;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * How far events are, and who waits for the end of one.
 *
 * <p>Thread-safe.
 */
public final class Settling {
    private final Database database;
    private final Runnable wakeWorker;
    private final StatusTable statuses = new StatusTable();
    private final List<Awaited> awaited = new CopyOnWriteArrayList<>();

    Settling(Database database, Runnable wakeWorker) {
        this.database = database;
        this.wakeWorker = wakeWorker;
    }

    private record Awaited(URI source, String eventId, CompletableFuture<EventStatus> future) {}

    /** How far the deliveries of an event are. */
    public Optional<EventStatus> status(URI source, String eventId) {
        return database.ask(
                "the status of event " + eventId + " cannot be read",
                connection -> statuses.find(connection, source, eventId));
    }

    /** When nothing is left to be done for an event; at once where the journal does not know it. */
    public CompletableFuture<EventStatus> settled(URI source, String eventId) {
        Awaited one = new Awaited(source, eventId, new CompletableFuture<>());
        awaited.add(one);
        wakeWorker.run();
        return one.future.whenComplete((status, failure) -> awaited.remove(one));
    }

    /** Looks whether somebody may be told. Called by the worker. */
    void look() throws SQLException {
        if (awaited.isEmpty()) {
            return;
        }
        Map<Awaited, EventStatus> found = database.brief(connection -> {
            Map<Awaited, EventStatus> statuses = new HashMap<>();
            for (Awaited one : awaited) {
                statuses.put(one, status(connection, one));
            }
            return statuses;
        });
        found.forEach((one, status) -> {
            if (status.isSettled()) {
                CompletableFuture<EventStatus> unused = one.future.completeAsync(() -> status);
            }
        });
    }

    private EventStatus status(Connection connection, Awaited asked) throws SQLException {
        return statuses.find(connection, asked.source, asked.eventId)
                .orElseGet(() -> new EventStatus(asked.source, asked.eventId, "", 0, List.of()));
    }

    void close() {
        awaited.forEach(one -> one.future.cancel(false));
    }
}
