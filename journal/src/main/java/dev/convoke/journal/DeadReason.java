package dev.convoke.journal;

/** Why a delivery is not tried again. */
public enum DeadReason {
    /** Its listener failed as often as its retry policy allows, or in a way that this does not retry. */
    FAILED,
    /** A process was lost five times while it ran. */
    CRASHED,
    /** No process could read its payload for {@link JournalOptions#unreadableGrace}. */
    UNREADABLE,
    /** No process that has its listener knew the event's type for {@link JournalOptions#unreadableGrace}. */
    UNKNOWN_TYPE,
    /**
     * It was published, in a transaction of the application's own, with the identity of another event. It is stored under another id,
     * which begins with its own: its own id stands for the other event.
     */
    DUPLICATE_ID
}
