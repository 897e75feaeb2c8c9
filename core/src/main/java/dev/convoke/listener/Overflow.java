package dev.convoke.listener;

/** What a publisher meets when a bound is reached. */
public enum Overflow {
    /** It waits for a free place, until its deadline and for 30 seconds at most; then the deliveries are rejected. */
    WAIT,
    /** The deliveries are rejected at once. */
    REJECT
}
