package dev.convoke.journal;

/** The database, or what is in it, does not suit a journal; the message says why. */
public final class UnsupportedDatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A reason, in words. */
    public UnsupportedDatabaseException(String message) {
        super(message);
    }
}
