package dev.convoke.event;

/** What becomes of a publication that has no listener. */
public enum Unheard {
    /** Its outcome is empty and succeeded. */
    IGNORE,
    /** As {@link #IGNORE}, and a warning is logged. */
    WARN,
    /** Its outcome has the refusal {@link Refusal#UNHEARD}. */
    FAIL
}
