package dev.convoke.journal.internal;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.journal.DeadDeliveryException;
import dev.convoke.journal.internal.DeliveryTable.Buried;
import dev.convoke.journal.internal.DeliveryTable.Now;
import dev.convoke.journal.internal.DeliveryTable.Recovered;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tells of deliveries that died without a result: the listener that this process has hears of them as of any other; all are logged.
 *
 * <p>Confined to the housekeeper's thread. Payloads are read, and listeners told, on another one: that is the application's code.
 */
final class Burials {
    private final Journal journal;

    /** Buried by transactions of which nobody knows whether they were committed. */
    private final List<Buried> doubtful = new ArrayList<>();

    private final List<Buried> untold = new ArrayList<>();

    Burials(Journal journal) {
        this.journal = journal;
    }

    /** Does this, and tells of what it has buried once that is committed; of some of that in a later round. */
    Recovered bury(Database.Work<Recovered, RuntimeException> work) throws SQLException {
        tell();
        AtomicReference<Recovered> found = new AtomicReference<>(Recovered.NOTHING);
        try {
            Recovered recovered = journal.database().brief(connection -> {
                found.set(work.in(connection));
                return found.get();
            });
            journal.worker().lookAt(recovered.lanes());
            untold.addAll(recovered.dead());
            tell();
            return recovered;
        } catch (CommitUnknownException e) {
            doubtful.addAll(found.get().dead());
            throw e;
        }
    }

    private void tell() throws SQLException {
        if (!doubtful.isEmpty()) {
            untold.addAll(journal.database().brief(this::committed));
            doubtful.clear();
        }
        if (!untold.isEmpty()) {
            List<Long> ids = untold.stream().map(one -> one.id().event()).toList();
            Map<Long, EventTable.Found> events =
                    journal.database().brief(connection -> journal.events().find(connection, ids));
            List<Runnable> news = new ArrayList<>();
            for (Buried one : untold) {
                EventTable.Found found = events.get(one.id().event());
                tell(one, found == null ? null : found.event(), news);
            }
            untold.clear();
            if (!news.isEmpty()) {
                journal.thread("burials", () -> news.forEach(Runnable::run)).start();
            }
        }
    }

    /** Those of the doubtful that have left the state they died in, by this burial and no other. */
    private List<Buried> committed(Connection connection) throws SQLException {
        List<Buried> committed = new ArrayList<>();
        for (Buried one : doubtful) {
            Now now = journal.deliveries().now(connection, one.id());
            boolean isBuried = now != null
                    && now.epoch() == one.epoch()
                    && !Set.of("RUNNING", "UNREADABLE").contains(now.state());
            if (isBuried) {
                committed.add(one);
            }
        }
        return committed;
    }

    private void tell(Buried one, @Nullable StoredEvent event, List<Runnable> news) {
        Local local = journal.listeners().find(one.id().listener());
        String what = event == null
                ? ""
                : " of event " + event.eventId() + " (" + event.name() + ", source " + event.source() + ")";
        Log.warn("delivery " + one.id().text() + what + " to listener "
                + (local == null ? one.id().listener() : local.name()) + " is dead, " + one.reason() + ": "
                + one.why());
        if (event != null) {
            journal.settling().changed(event);
            if (local != null) {
                news.add(() -> tell(one, event, local));
            }
        }
    }

    private void tell(Buried one, StoredEvent stored, Local local) {
        try {
            EventType<?> type = Needs.of(stored).typeFor(local, journal);
            if (type != null) {
                Event<?> event = stored.read(type, journal.payloads());
                DeadDeliveryException cause = new DeadDeliveryException(one.reason(), one.why());
                local.listener()
                        .ended(event, new DeliveryResult.Failed(local.name(), Duration.ZERO, one.attempts(), cause));
                local.listener().died(one.id().text(), event, one.attempts(), cause);
            }
        } catch (RuntimeException | Error e) { // a class of the application's, which it dies of, too
            Log.debug("dead delivery " + one.id().text() + " cannot be told, as this process cannot read it", e);
        }
    }
}
