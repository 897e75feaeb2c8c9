package dev.convoke.benchmarks.run;

/** How a scenario's subjects are made, and so how their deliveries are checked. */
enum Kind {
    INLINE,
    PENDING,
    HAND_OFF,
    AWAITED,
    EVENTS,
    /** Nothing is published. */
    SILENT
}
