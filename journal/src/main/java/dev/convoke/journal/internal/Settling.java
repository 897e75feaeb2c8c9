package dev.convoke.journal.internal;

import dev.convoke.journal.EventStatus;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How far events are, and who waits for the end of one. To wait costs when something of the event has ended here, and once a
 * second for what others may have ended.
 *
 * <p>Thread-safe.
 */
public final class Settling {
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Journal journal;
    private final StatusTable statuses;
    private final Set<Awaited> awaited = ConcurrentHashMap.newKeySet();

    /** Events of which something has changed, or that somebody has just begun to wait for. */
    private final Set<Identity> changed = ConcurrentHashMap.newKeySet();

    /** When all are looked at again. Confined to the worker's thread. */
    private long sweepsAt = System.nanoTime();

    Settling(Journal journal) {
        this.journal = journal;
        this.statuses = new StatusTable(journal.database());
    }

    private record Identity(String source, String eventId) {}

    private record Awaited(Identity identity, CompletableFuture<EventStatus> future) {}

    /** How far the deliveries of an event are. */
    public Optional<EventStatus> status(URI source, String eventId) {
        return journal.database()
                .ask(
                        "the status of event " + eventId + " cannot be read",
                        connection -> find(connection, source.toString(), eventId));
    }

    private Optional<EventStatus> find(Connection connection, String source, String eventId) throws SQLException {
        return statuses.find(connection, source, eventId, journal.refresh(connection));
    }

    /** When nothing is left to be done for an event; at once where the journal does not know it. */
    public CompletableFuture<EventStatus> settled(URI source, String eventId) {
        Awaited one = new Awaited(new Identity(source.toString(), eventId), new CompletableFuture<>());
        awaited.add(one);
        CompletableFuture<EventStatus> unused = one.future.whenComplete((status, failure) -> awaited.remove(one));
        changed.add(one.identity);
        journal.worker().wake();
        return one.future;
    }

    /** A delivery of this event has ended. */
    void changed(StoredEvent event) {
        if (!awaited.isEmpty()) {
            changed.add(new Identity(event.source(), event.eventId()));
        }
    }

    /** Looks whether somebody may be told. Called by the worker. */
    void look() throws SQLException {
        if (awaited.isEmpty()) {
            changed.clear();
            return;
        }
        Set<Identity> which = new HashSet<>(changed);
        changed.removeAll(which);
        if (sweepsAt - System.nanoTime() <= 0) {
            awaited.forEach(one -> which.add(one.identity));
            sweepsAt = System.nanoTime() + SWEEP_NANOS;
        }
        if (which.isEmpty()) {
            return;
        }
        for (EventStatus status : settled(which)) {
            Identity identity = new Identity(status.source().toString(), status.eventId());
            awaited.stream()
                    .filter(one -> one.identity.equals(identity))
                    .forEach(one -> one.future.completeAsync(() -> status));
        }
    }

    private Collection<EventStatus> settled(Set<Identity> which) throws SQLException {
        return journal.database().brief(connection -> {
            List<EventStatus> settled = new ArrayList<>();
            for (Identity identity : which) {
                EventStatus status = find(connection, identity.source, identity.eventId)
                        .orElseGet(
                                () -> new EventStatus(URI.create(identity.source), identity.eventId, "", 0, List.of()));
                if (status.isSettled()) {
                    settled.add(status);
                }
            }
            return settled;
        });
    }

    void close() {
        awaited.forEach(one -> one.future.cancel(false));
    }
}
