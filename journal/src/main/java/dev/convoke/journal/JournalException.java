package dev.convoke.journal;

/** The database did not do what was asked for; the cause is what it said. */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was asked for, and what came of it. */
    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
