package dev.convoke.journal.internal;

import dev.convoke.journal.internal.DeliveryTable.Claimed;
import dev.convoke.journal.internal.guard.GuardedConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Lets a listener end its delivery in a transaction of its own, unless somebody else has it by now.
 *
 * <p>Thread-safe.
 */
public final class Fence {
    private final Database database;
    private final DeliveryTable deliveries;
    private final EventTable events;
    private final Due due;
    private final boolean isOld;
    private volatile boolean begun;
    private volatile boolean committed;

    /** @param isOld whether the event is to be remembered from the end of the delivery on */
    Fence(Journal journal, Due due, boolean isOld) {
        this.database = journal.database();
        this.deliveries = journal.deliveries();
        this.events = journal.events();
        this.due = due;
        this.isOld = isOld;
    }

    /** What is done in the transaction. */
    @FunctionalInterface
    public interface Action {
        /** Writes through the connection, which is of no use afterwards. */
        void with(Connection connection) throws Exception;
    }

    /**
     * Does this and ends the delivery, both or none.
     *
     * @throws Exception what the action threw, or the database; nothing was committed, unless the reply to the commit was lost
     */
    public void commit(Action action) throws Exception {
        Claimed delivery = due.delivery();
        database.<Exception>run(connection -> {
            begun = true;
            run(action, connection);
            database.bound(connection); // only from here on: how long the listener takes is its own affair
            if (!deliveries.done(connection, delivery)) {
                throw new SQLException("this delivery has been given to another process meanwhile: " + delivery);
            }
            if (isOld) {
                events.ended(connection, List.of(delivery.event()));
            }
        });
        committed = true;
    }

    /** The listener gets the connection for as long as it runs, and cannot end the transaction. */
    private static void run(Action action, Connection connection) throws Exception {
        GuardedConnection guarded = GuardedConnection.begin(connection);
        try {
            action.with(guarded);
        } finally {
            guarded.end();
        }
        guarded.requireSameTransaction();
    }

    /** Whether the delivery was ended by this. */
    boolean isCommitted() {
        return committed;
    }

    /** Whether the listener was called: it waits for a connection first. */
    boolean isBegun() {
        return begun;
    }
}
