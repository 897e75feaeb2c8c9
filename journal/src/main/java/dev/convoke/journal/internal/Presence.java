package dev.convoke.journal.internal;

import dev.convoke.journal.internal.SessionTable.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** How processes that share a journal know which of them live. Thread-safe. */
interface Presence extends AutoCloseable {
    /** This process has a session of this id from now on. Called before others can see it. */
    void begin(String session) throws SQLException;

    /** Which virtual machine this process is in. */
    String process();

    /**
     * Makes a heartbeat, which says that this process lives and knows the listeners of this generation; false where it was taken
     * for dead.
     */
    boolean beat(Connection connection, String session, long generation) throws SQLException;

    /** These are the sessions that there are, looked at just now. */
    void observe(List<Session> sessions);

    /** Those of the observed sessions whose process is gone; none where this process could not look lately. */
    List<Session> gone(String own);

    /** Whether the process of that session knows the listeners of this generation. */
    boolean knows(Session session, long generation);

    /** The session of another process was ended. */
    void forget(Session gone);

    /** This process ends in good order. */
    @Override
    void close();
}
