package dev.convoke.journal.internal;

import dev.convoke.journal.internal.DeliveryTable.Claimed;
import dev.convoke.journal.internal.guard.GuardedConnection;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Lets a listener end its delivery in a transaction of its own, unless somebody else has it by now.
 *
 * <p>Thread-safe.
 */
public final class Fence {
    private final Database database;
    private final DeliveryTable deliveries;
    private final Claimed delivery;
    private volatile boolean committed;

    Fence(Database database, Claimed delivery) {
        this.database = database;
        this.deliveries = new DeliveryTable(database.dialect());
        this.delivery = delivery;
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
        database.<Exception>run(connection -> {
            run(action, connection);
            database.prepare(connection); // only from here on: how long its listener thinks is its own affair
            if (!deliveries.done(connection, delivery)) {
                throw new SQLException("this delivery has been given to another process meanwhile: " + delivery);
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
}
