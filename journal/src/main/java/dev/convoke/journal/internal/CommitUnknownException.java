package dev.convoke.journal.internal;

import java.sql.SQLException;

/** The reply to a commit was lost: the transaction may be there or not. */
final class CommitUnknownException extends SQLException {
    private static final long serialVersionUID = 1L;

    CommitUnknownException(SQLException cause) {
        super("nobody knows whether the transaction was committed: " + cause.getMessage(), cause.getSQLState(), cause);
    }
}
