package dev.convoke.journal.internal;

import java.sql.SQLException;

/** No connection, or no turn to write, was to be had: nothing has begun. */
final class NoConnectionException extends SQLException {
    private static final long serialVersionUID = 1L;

    NoConnectionException(SQLException cause) {
        super(cause.getMessage(), cause.getSQLState(), cause);
    }

    NoConnectionException(String message) {
        super(message);
    }
}
