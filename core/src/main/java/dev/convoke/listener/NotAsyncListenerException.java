package dev.convoke.listener;

/** A listener method neither returns a stage nor is declared blocking: it would hold up whoever calls it. */
public final class NotAsyncListenerException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the method and the two ways out. */
    public NotAsyncListenerException(String message) {
        super(message);
    }
}
