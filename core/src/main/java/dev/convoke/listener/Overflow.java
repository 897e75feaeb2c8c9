package dev.convoke.listener;

/** What a publisher meets when a bound is reached. */
public enum Overflow {
    /** It waits for a free place, until its deadline, an interrupt, or the builder's longest wait; then the delivery is rejected. */
    WAIT,
    /** The delivery is rejected at once, which is a failure of the publication's. */
    REJECT,
    /** The one that has waited longest is skipped in favour of the new one, which is no failure. */
    DROP_OLDEST,
    /** The new one is skipped, which is no failure. */
    DROP_LATEST
}
