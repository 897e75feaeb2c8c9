package dev.convoke.journal.internal;

import dev.convoke.journal.internal.ListenerTable.Subscribed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which name leads to which listener: renames, those that are refused because they contradict what is there, and those that were
 * made by mistake and are undone.
 *
 * <p>Thread-safe: it has no state of its own.
 */
final class ListenerNames {
    private static final String NEXT_GENERATION = "UPDATE convoke_journal SET generation = generation + 1";

    private static final String SESSION_WITH_BOTH = """
            SELECT min(s.id) FROM convoke_reader r
                JOIN convoke_reader o ON o.session = r.session
                JOIN convoke_session s ON s.id = r.session
            WHERE r.listener = ? AND o.listener = ? AND s.id <> ?""";

    private final Database database;

    ListenerNames(Database database) {
        this.database = database;
    }

    /**
     * Makes sure, until the transaction ends, that no other process enters listeners: what is found about names stays true.
     *
     * @throws SQLException if another process does so at this moment; it passes
     */
    void lock(Connection connection) throws SQLException {
        if (!database.tryLock(connection, "listeners")) {
            throw new SQLException("another process enters its listeners at this moment", "40001");
        }
    }

    /** All processes look at the listeners again. */
    void nextGeneration(Connection connection) throws SQLException {
        Database.execute(connection, database.sql(NEXT_GENERATION));
    }

    // ---- where names lead ----

    /** The id of the listener that has or had this name, at the end of the chain of those that go on with it. */
    @Nullable String idOf(Connection connection, String name) throws SQLException {
        String id = ownIdOf(connection, name);
        Set<String> seen = new HashSet<>();
        while (id != null && seen.add(id)) {
            String next = database.text(connection, "SELECT successor FROM convoke_listener WHERE id = ?", id);
            if (next == null) {
                return id;
            }
            id = next;
        }
        return id;
    }

    /** The same, whoever goes on with it. */
    private @Nullable String ownIdOf(Connection connection, String name) throws SQLException {
        return database.text(connection, "SELECT listener FROM convoke_listener_name WHERE name = ?", name);
    }

    /** Has the name lead to this listener, unless it leads to one already; says whether it is new. */
    boolean add(Connection connection, String name, String id) throws SQLException {
        return database.update(
                        connection,
                        "INSERT INTO convoke_listener_name (name, listener) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                        name,
                        id)
                == 1;
    }

    /** A listener that is called so, with an id that no other one has or had. */
    String make(Connection connection, String name) throws SQLException {
        String insert = """
                INSERT INTO convoke_listener (id, name, seen_at) VALUES (?, ?, :now) ON CONFLICT (id) DO NOTHING""";
        if (database.update(connection, insert, name, name) == 1) {
            return name;
        }
        String another = name + "@" + UUID.randomUUID(); // a namesake's deliveries are kept under that id
        database.update(connection, insert, another, name);
        return another;
    }

    /**
     * Both were there before the one was renamed to the other, which goes on with what is kept for the first, and with what that
     * had gone on with: nobody has to follow more than one step. What is kept for both, and does not run, is made once.
     */
    boolean succeed(Connection connection, String from, String to) throws SQLException {
        database.update(connection, "UPDATE convoke_listener SET successor = ? WHERE successor = ?", to, from);
        boolean isNew = database.update(
                        connection,
                        "UPDATE convoke_listener SET successor = ? WHERE id = ? AND successor IS NULL",
                        to,
                        from)
                == 1;
        if (isNew) {
            database.update(connection, """
                    DELETE FROM convoke_delivery WHERE listener = ? AND state <> 'RUNNING' AND EXISTS (
                        SELECT 1 FROM convoke_delivery o WHERE o.event = convoke_delivery.event AND o.listener = ?)""", from, to);
        }
        return isNew;
    }

    // ---- renames that are refused ----

    /** @throws IllegalArgumentException if a living process has two of the names of a renamed listener, as two listeners */
    void requireOne(Connection connection, String ownSession, Subscribed renamed) throws SQLException {
        List<String> names = new ArrayList<>(renamed.before());
        names.add(renamed.name());
        for (int i = 0; i < names.size(); i++) {
            for (String other : names.subList(i + 1, names.size())) {
                String session = sessionWithBoth(connection, names.get(i), other, ownSession);
                if (session != null) {
                    throw new IllegalArgumentException("listener " + renamed.name()
                            + " is refused: JournalOptions.renamedListener says that " + names.get(i) + " and " + other
                            + " are one listener, and a running process (session " + session
                            + ") has them as two. If they are two, remove that renamedListener. If " + renamed.name()
                            + " is to take over from both, end the processes that have both first; one that was"
                            + " killed counts until its session is taken over");
                }
            }
        }
    }

    private @Nullable String sessionWithBoth(Connection connection, String name, String other, String ownSession)
            throws SQLException {
        for (String id : idsOf(connection, name)) {
            for (String otherId : idsOf(connection, other)) {
                String session = id.equals(otherId)
                        ? null
                        : database.text(connection, SESSION_WITH_BOTH, id, otherId, ownSession);
                if (session != null) {
                    return session;
                }
            }
        }
        return null;
    }

    /** A process that has it may have entered it before or after another one went on with it. */
    private Set<String> idsOf(Connection connection, String name) throws SQLException {
        Set<String> ids = new LinkedHashSet<>();
        String own = ownIdOf(connection, name);
        String now = idOf(connection, name);
        if (own != null && now != null) {
            ids.add(own);
            ids.add(now);
        }
        return ids;
    }

    /** @throws IllegalArgumentException if the other listener of this process has what is kept under a name that the first had before */
    void requireOthersName(Connection connection, Subscribed renamed, Subscribed other) throws SQLException {
        for (String before : renamed.before()) {
            if (areOne(connection, before, other.name())) {
                throw new IllegalArgumentException("listener " + renamed.name()
                        + " is refused: JournalOptions.renamedListener says that it was called " + before
                        + ", and what is kept for " + before + " is for listener " + other.name()
                        + " of this process. Remove that renamedListener, or unsubscribe " + other.name());
            }
        }
    }

    /** Whether both names lead to the same listener. */
    boolean areOne(Connection connection, String name, String other) throws SQLException {
        String id = idOf(connection, name);
        return id != null && id.equals(idOf(connection, other));
    }

    // ---- renames that are undone ----

    /**
     * Makes two listeners again of one that has both names, for a process that has them as two.
     *
     * @throws IllegalArgumentException if it was called by one name first and by the other later: whose its deliveries are cannot be told
     */
    void takeApart(Connection connection, String ownSession, Subscribed one, Subscribed other) throws SQLException {
        String both = idOf(connection, one.name());
        String oneId = ownIdOf(connection, one.name());
        String otherId = ownIdOf(connection, other.name());
        if (both == null || oneId == null || otherId == null) {
            return;
        }
        if (oneId.equals(otherId)) {
            boolean isOnes = isOnes(connection, oneId, one, other);
            Subscribed leaves = isOnes ? other : one;
            giveOwnId(connection, oneId, isOnes ? one : other, leaves);
            dropSubscription(connection, ownSession, oneId, leaves);
        } else {
            giveBack(connection, ownSession, one, oneId, both);
            giveBack(connection, ownSession, other, otherId, both);
        }
        nextGeneration(connection);
    }

    /** Each was a listener of its own before the one went on with the other, as it does no more. */
    private void giveBack(Connection connection, String ownSession, Subscribed listener, String id, String both)
            throws SQLException {
        if (id.equals(both)) {
            return;
        }
        database.update(connection, "UPDATE convoke_listener SET successor = NULL WHERE id = ?", id);
        for (String before : listener.before()) {
            String beforeId = ownIdOf(connection, before);
            if (both.equals(beforeId)) {
                pointTo(connection, before, id);
            } else if (beforeId != null && !beforeId.equals(id) && both.equals(idOf(connection, before))) {
                database.update(connection, "UPDATE convoke_listener SET successor = ? WHERE id = ?", id, beforeId);
            }
        }
        dropSubscription(connection, ownSession, both, listener);
    }

    /** There was one listener, which keeps its deliveries; a name that was only pointed at it gets another one. */
    private void giveOwnId(Connection connection, String id, Subscribed keeps, Subscribed leaves) throws SQLException {
        String own = make(connection, leaves.name());
        pointTo(connection, leaves.name(), own);
        for (String before : leaves.before()) {
            if (id.equals(ownIdOf(connection, before))) {
                pointTo(connection, before, own);
            }
        }
        database.update(connection, "UPDATE convoke_listener SET name = ? WHERE id = ?", keeps.name(), id);
    }

    private void pointTo(Connection connection, String name, String id) throws SQLException {
        database.update(connection, "UPDATE convoke_listener_name SET listener = ? WHERE name = ?", id, name);
    }

    /** Whether the listener is the first one's, and not the other's: by the name that it was made with, and the one that it has. */
    private boolean isOnes(Connection connection, String id, Subscribed one, Subscribed other) throws SQLException {
        String now = database.text(connection, "SELECT name FROM convoke_listener WHERE id = ?", id);
        boolean isOnes = one.isOrWas(now) || wasMadeAs(id, one);
        boolean isOthers = other.isOrWas(now) || wasMadeAs(id, other);
        if (isOnes == isOthers) {
            throw new IllegalArgumentException("listener " + one.name() + " is refused: the journal has " + one.name()
                    + " and " + other.name() + " as one listener, which was first " + id + " and is now " + now
                    + ", so that it cannot be told whose its deliveries are. Give the one of them that is new a name that"
                    + " no listener had");
        }
        return isOnes;
    }

    private static boolean wasMadeAs(String id, Subscribed listener) {
        return listener.names().stream().anyMatch(name -> id.equals(name) || id.startsWith(name + "@"));
    }

    /** How a listener was subscribed under an id that is another one's now, unless another process has that one so, too. */
    void dropSubscription(Connection connection, String ownSession, String id, Subscribed left) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(database.sql("""
                DELETE FROM convoke_subscription
                WHERE listener = ? AND selector = ? AND pattern = ? AND ordered = ?
                    AND EXISTS (
                        SELECT 1 FROM convoke_listener l
                        WHERE l.id = convoke_subscription.listener AND l.successor IS NULL)
                    AND NOT EXISTS (
                        SELECT 1 FROM convoke_reader r WHERE r.session <> ?
                            AND r.listener = convoke_subscription.listener
                            AND r.selector = convoke_subscription.selector
                            AND r.pattern = convoke_subscription.pattern
                            AND r.ordered = convoke_subscription.ordered)"""))) {
            ListenerTable.set(delete, 1, id, left);
            delete.setString(5, ownSession);
            delete.executeUpdate();
        }
    }
}
