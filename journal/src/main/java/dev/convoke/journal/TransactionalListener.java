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
     * all. It neither commits, rolls back, nor closes the connection, nor keeps it: rolled back by it, the writes would be gone and
     * the delivery done.
     */
    void onEvent(Event<E> event, Connection connection) throws Exception;
}
