package dev.convoke.journal.internal.guard;

import java.sql.SQLException;

/** Why the transaction of a listener cannot be committed, for who reads the delivery's error. Thread-safe: it has no state. */
final class LostTransaction {
    /** PostgreSQL's SQL state of a transaction in which a statement has failed. */
    private static final String ABORTED = "25P02";

    private LostTransaction() {}

    /** What releasing the savepoint threw, with what the listener must have done. */
    static SQLException explained(SQLException e) {
        if (isGone(e)) {
            return new SQLException(
                    "a transactional listener has ended the transaction that is committed with its delivery: "
                            + "what it wrote before may be committed, and its delivery is not",
                    e);
        }
        return ABORTED.equals(e.getSQLState())
                ? new SQLException(
                        e.getMessage()
                                + "; a transactional listener has caught an SQL error and returned: set a savepoint"
                                + " before what may fail, and roll back to it",
                        ABORTED,
                        e)
                : e;
    }

    private static boolean isGone(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.equals("3B001")
                || state.equals("25P01")
                || String.valueOf(e.getMessage()).contains("no such savepoint");
    }
}
