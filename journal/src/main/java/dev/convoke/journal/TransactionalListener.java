package dev.convoke.journal;

import dev.convoke.event.Event;
import java.sql.Connection;

/**
 * A listener whose effects are writes to the journal's database.
 *
 * @param <E> the payload type
 */
@FunctionalInterface
public interface TransactionalListener<E> {
    /**
     * Handles the event. What it writes through the connection is committed together with the end of its delivery, or not at
     * all.
     *
     * <p>The connection is in a transaction, and is of no use when the method has returned; statements that are still open are closed.
     * It refuses to commit, roll back, close, switch on auto-commit, or change the isolation, also by SQL, and the delivery fails
     * then, with nothing committed. Savepoints may be set, released and rolled back to. {@code unwrap} gives the driver's own
     * connection, as PostgreSQL's {@code PGConnection}: ended by that, or by a script that hides its COMMIT, the transaction is missed when
     * the method returns, and the delivery fails, but what was committed stays so.
     *
     * <p>An SQL error that the listener catches leaves the two databases in different states. PostgreSQL has aborted the transaction:
     * every later statement fails, and so does the delivery, even if the listener returns. SQLite has as a rule undone the one statement,
     * and the delivery succeeds. If a statement may fail, set a savepoint before it, and roll back to that when it has failed.
     *
     * @throws Exception if it fails: nothing is committed, and the delivery is tried again as its listener's options say
     */
    void onEvent(Event<E> event, Connection connection) throws Exception;
}
