package dev.convoke.journal.operations;

/** How an event is published. */
enum Publishing {
    /** By the coordinator, in a transaction of the journal's. */
    ALONE,
    /** In a transaction of the publisher's that takes a moment. */
    WITHIN,
    /** In a transaction of the publisher's that takes seconds. */
    WITHIN_LONG;

    boolean isWithin() {
        return this != ALONE;
    }
}
