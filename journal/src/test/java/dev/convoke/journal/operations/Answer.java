package dev.convoke.journal.operations;

/** What a publisher is told. */
enum Answer {
    /** The event is kept. */
    ACCEPTED,
    /** It is certainly not kept: it was rejected, or its transaction did not come to its commit. */
    REJECTED,
    /** Nobody knows: the reply was lost. */
    UNKNOWN,
    /** Nothing, for so long that nobody would have waited. */
    HUNG
}
