package dev.convoke.journal.internal;

import dev.convoke.event.EventType;
import dev.convoke.journal.DurableListenerStatus;
import dev.convoke.journal.JournalOptions;
import dev.convoke.journal.internal.ListenerTable.Subscribed;
import dev.convoke.spi.DurableListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The durable listeners of this process, and what is asked about those of all processes.
 *
 * <p>Thread-safe.
 */
public final class Listeners {
    private final Journal journal;
    private final Database database;
    private final JournalOptions options;
    private final ListenerTable listenerTable;
    private final List<Local> locals = new CopyOnWriteArrayList<>();

    /** Of the listeners, and of those that are about to be. */
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    Listeners(Journal journal) {
        this.journal = journal;
        this.database = journal.database();
        this.options = journal.options();
        this.listenerTable = journal.listenerTable();
    }

    /** Tells all processes what events are called now. */
    void enterEventNames() throws SQLException {
        boolean isNew = again(connection -> listenerTable.renameEvents(connection, options.renamedEvents()));
        journal.learn(database.brief(journal::refresh));
        if (isNew) {
            journal.awaitOthers();
        }
    }

    /** Keeps events for this listener from now on. */
    public void subscribe(DurableListener listener) {
        if (StoredEvent.hasHalves(listener.id() + listener.subscribedTo())) {
            throw new IllegalArgumentException(
                    "the name of a durable listener, and of its event, must have no half of a character");
        }
        if (!names.add(listener.id())) {
            throw new IllegalArgumentException("there is a durable listener " + listener.id()
                    + " already: its deliveries are kept under that name");
        }
        try {
            enter(listener);
        } catch (RuntimeException | Error e) {
            names.remove(listener.id());
            throw e;
        }
        journal.worker().wake();
    }

    private void enter(DurableListener listener) {
        if (listener.type() != null) {
            journal.payloads().read(listener.type());
        }
        Local entered = Journal.asked("listener " + listener.id() + " cannot be entered into the journal", () -> {
            long before = journal.catalog().generation();
            Subscribed subscribed = subscribed(listener);
            Local local = new Local(listener, again(connection -> enter(connection, subscribed)), subscribed);
            journal.learn(database.brief(journal::refresh));
            if (journal.catalog().generation() != before) {
                journal.awaitOthers();
            }
            return local;
        });
        locals.add(entered);
    }

    /** @throws IllegalArgumentException if another listener here has its deliveries */
    private String enter(Connection connection, Subscribed subscribed) throws SQLException {
        String id = listenerTable.enter(connection, journal.session(), subscribed);
        for (Local local : locals) {
            if (local.id().equals(id)) {
                throw new IllegalArgumentException(
                        "listeners " + local.name() + " and " + subscribed.name()
                                + " are the same listener under two names: one was renamed to the other; give the new one another name");
            }
        }
        return id;
    }

    private Subscribed subscribed(DurableListener listener) {
        EventType<?> type = listener.type();
        return new Subscribed(
                listener.id(),
                namesBefore(listener.id()),
                listener.subscribedTo(),
                type == null,
                listener.options().isOrdered(),
                type == null ? null : journal.payloads().versionOf(type.name()));
    }

    private List<String> namesBefore(String listenerName) {
        Set<String> before = new LinkedHashSet<>();
        before.add(listenerName);
        boolean isMore = true;
        while (isMore) {
            isMore = false;
            for (Map.Entry<String, String> renamed : options.renamedListeners().entrySet()) {
                isMore |= before.contains(renamed.getValue()) && before.add(renamed.getKey());
            }
        }
        before.remove(listenerName);
        return List.copyOf(before);
    }

    /** In a transaction that may have to give way to another process's. */
    private <T> T again(Database.Work<T, RuntimeException> work) throws SQLException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try {
                return database.brief(work);
            } catch (SQLException e) {
                if (!Dialect.isPassing(e) || until - System.nanoTime() <= 0) {
                    throw e;
                }
            }
        }
    }

    /** Enters all listeners of this process again, for its next session. */
    void enterAll(Connection connection, String nextSession) throws SQLException {
        for (Local local : locals) {
            listenerTable.enter(connection, nextSession, local.subscribed());
        }
    }

    /** This process has the listener no more. */
    public void leave(DurableListener listener) {
        Local left = locals.stream()
                .filter(local -> local.listener().equals(listener))
                .findFirst()
                .orElse(null);
        if (left != null) {
            locals.remove(left);
            names.remove(left.name());
            if (!journal.isClosed()) {
                leave(left);
            }
        }
    }

    private void leave(Local local) {
        try {
            again(connection -> {
                listenerTable.leave(connection, journal.session(), local.id());
                return true;
            });
        } catch (SQLException e) {
            Log.warn(
                    "it could not be written down that this process has no listener " + local.name()
                            + " any more: it looks as if it had, until the process ends",
                    e);
        }
    }

    /** The durable listeners of this process. */
    List<Local> local() {
        return locals;
    }

    /** The listener of this process that deliveries under this id are for; null where it has none. */
    @Nullable Local find(String listenerId) {
        Catalog known = journal.catalog();
        return locals.stream()
                .filter(local -> local.ids(known).contains(listenerId))
                .findFirst()
                .orElse(null);
    }

    /** Every durable listener that nobody has retired. */
    public List<DurableListenerStatus> statuses() {
        return database.ask(
                "the listeners cannot be read",
                connection -> listenerTable.list(connection, journal.ttlMillis(), true));
    }

    /** The names of those listeners that no living process has. */
    Set<String> orphans(Connection connection) throws SQLException {
        return listenerTable.orphans(connection, journal.ttlMillis());
    }

    /** Gives up a listener that no process has any more. */
    public int retire(String listenerName) {
        int removed = Journal.asked("listener " + listenerName + " cannot be retired", () -> {
            String id = database.brief(connection -> listenerTable.find(connection, listenerName));
            if (id == null) {
                return 0;
            }
            OptionalInt retired = again(connection -> listenerTable.retire(connection, id, journal.ttlMillis()));
            if (retired.isEmpty()) {
                throw new IllegalStateException(
                        "listener " + listenerName + " is there, in this process or another: it can be retired "
                                + options.sessionTtl() + " after the last one has closed it");
            }
            for (String one : database.brief(listenerTable::retired)) {
                remove(one);
            }
            Log.info("listener " + listenerName + " is retired, and " + retired.getAsInt() + " deliveries with it");
            return retired.getAsInt();
        });
        journal.worker().wake();
        return removed;
    }

    /** Removes the deliveries of a listener that was given up. */
    void remove(String id) throws SQLException {
        while (again(connection -> listenerTable.remove(connection, id)) > 0) {
            // there may be more
        }
    }
}
