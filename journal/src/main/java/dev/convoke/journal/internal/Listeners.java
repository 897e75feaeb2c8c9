package dev.convoke.journal.internal;

import dev.convoke.event.EventType;
import dev.convoke.journal.DurableListenerStatus;
import dev.convoke.journal.JournalOptions;
import dev.convoke.journal.internal.ListenerTable.Subscribed;
import dev.convoke.spi.DurableListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The durable listeners of this process, and what is asked about those of all processes.
 *
 * <p>Thread-safe.
 */
public final class Listeners {
    /** Before a transaction that had to give way is tried again. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Journal journal;
    private final Database database;
    private final JournalOptions options;
    private final ListenerTable listenerTable;
    private final ListenerNames listenerNames;
    private final List<Local> locals = new CopyOnWriteArrayList<>();

    /** Of the listeners, and of those that are about to be. */
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    Listeners(Journal journal) {
        this.journal = journal;
        this.database = journal.database();
        this.options = journal.options();
        this.listenerTable = journal.listenerTable();
        this.listenerNames = listenerTable.names();
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
            requireNotRenamedHere(listener.id());
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
            Entered all = entered(again(connection -> enter(connection, subscribed)));
            Local local = new Local(listener, all.idOf(listener.id()), subscribed);
            journal.learn(database.brief(journal::refresh));
            if (journal.catalog().generation() != before) {
                journal.awaitOthers();
            }
            return local;
        });
        locals.add(entered);
    }

    /** The ids of listeners by their names, and what was undone on the way. */
    private record Entered(Map<String, String> ids, List<String> undone) {
        String idOf(String name) {
            return Objects.requireNonNull(ids.get(name));
        }
    }

    /** After the commit. */
    private Entered entered(Entered all) {
        locals.replaceAll(local -> all.ids.containsKey(local.name()) ? local.under(all.idOf(local.name())) : local);
        all.undone.forEach(
                names -> Log.warn(
                        "listeners " + names + " are two again: the journal had them as one listener, by a"
                                + " renamedListener that this process does not declare. What was kept for both until now stays where it is"));
        return all;
    }

    /** @throws IllegalArgumentException if it was renamed, and that contradicts what this process or another one has */
    private Entered enter(Connection connection, Subscribed subscribed) throws SQLException {
        listenerNames.lock(connection);
        Entered all = new Entered(new HashMap<>(), new ArrayList<>());
        if (keepApart(connection, journal.session(), subscribed, all)) {
            enterLocals(connection, journal.session(), all);
        }
        all.ids.put(subscribed.name(), listenerTable.enter(connection, journal.session(), subscribed));
        return all;
    }

    /** Whether this separated listeners of this process that the journal had as one: their ids may have changed. */
    private boolean keepApart(Connection connection, String session, Subscribed one, Entered all) throws SQLException {
        listenerNames.requireOne(connection, session, one);
        boolean isUndone = false;
        for (Subscribed other : othersHere(one.name())) {
            if (listenerNames.areOne(connection, one.name(), other.name())) {
                listenerNames.takeApart(connection, session, one, other);
                all.undone.add(one.name() + " and " + other.name());
                isUndone = true;
            } else {
                listenerNames.requireOthersName(connection, one, other);
            }
        }
        return isUndone;
    }

    /** The other listeners that this process has, or is about to have. */
    private List<Subscribed> othersHere(String listenerName) {
        Map<String, Subscribed> others = new LinkedHashMap<>();
        names.forEach(name -> others.put(name, new Subscribed(name, namesBefore(name), "", false, false, null)));
        locals.forEach(local -> others.put(local.name(), local.subscribed()));
        others.keySet().removeIf(name -> nameNow(name).equals(nameNow(listenerName)));
        return List.copyOf(others.values());
    }

    /** @throws IllegalArgumentException if this process says of two of its listeners that they are one */
    private void requireNotRenamedHere(String listenerName) {
        for (String other : names) {
            if (!other.equals(listenerName) && nameNow(other).equals(nameNow(listenerName))) {
                throw new IllegalArgumentException("listener " + listenerName
                        + " is refused: JournalOptions.renamedListener says that it is the same listener as " + other
                        + ", and this process subscribes both. If they are two, remove that renamedListener; if they are"
                        + " one, subscribe " + nameNow(listenerName) + " only");
            }
        }
    }

    private String nameNow(String listenerName) {
        String now = listenerName;
        for (String next = now; next != null; next = options.renamedListeners().get(next)) {
            now = next;
        }
        return now;
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
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Enters all listeners of this process again, for its next session, in the transaction in which that begins. */
    void enterAll(String nextSession, Database.Step<RuntimeException> begin) throws SQLException {
        Entered all = again(connection -> {
            Entered entering = new Entered(new HashMap<>(), new ArrayList<>());
            begin.in(connection);
            if (!locals.isEmpty()) {
                listenerNames.lock(connection);
                enterLocals(connection, nextSession, entering);
            }
            return entering;
        });
        entered(all);
    }

    /** Others have renamed a listener of this process, or undone that: it is entered where its name leads now. */
    void enterWhereMoved() throws SQLException {
        Catalog known = journal.catalog();
        if (locals.stream().anyMatch(local -> !local.id().equals(local.id(known)))) {
            enterAll(journal.session(), connection -> {});
            journal.learn(database.brief(journal::refresh));
        }
    }

    private void enterLocals(Connection connection, String session, Entered all) throws SQLException {
        List<Subscribed> entering = new ArrayList<>();
        for (Local local : locals) {
            entering.add(keptApart(connection, session, local.subscribed(), all));
        }
        for (Local local : locals) {
            listenerTable.move(connection, session, local.id(), local.subscribed());
        }
        for (Subscribed one : entering) {
            all.ids.put(one.name(), listenerTable.enter(connection, session, one));
        }
    }

    /** What it was called before does not matter where another process has shown, since it was entered first, that this is not so. */
    private Subscribed keptApart(Connection connection, String session, Subscribed one, Entered all)
            throws SQLException {
        try {
            keepApart(connection, session, one, all);
            return one;
        } catch (IllegalArgumentException e) {
            Log.warn("what listener " + one.name() + " was called before is ignored from now on", e);
            return one.withoutRenames();
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
