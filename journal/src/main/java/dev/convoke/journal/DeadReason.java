package dev.convoke.journal;

/** Why a delivery is not tried again. */
public enum DeadReason {
    /** Its listener failed as often as its retry policy allows, or in a way that this does not retry. */
    FAILED,
    /** A process was lost five times while it ran. */
    CRASHED,
    /** Its payload cannot be read. */
    UNREADABLE,
    /** This process, which has its listener, does not know the event's type. */
    UNKNOWN_TYPE
}
