package dev.convoke.benchmarks.journal;

/** What is measured. */
enum Figure {
    PUBLICATIONS("publications/s", false, 0),
    DELIVERIES("deliveries/s", false, 0),
    BACKLOG("deliveries waiting at the end", true, 0),
    COMMITTED_P50("publish → committed, p50 ms", true, 2),
    COMMITTED_P99("publish → committed, p99 ms", true, 2),
    STARTED_P50("committed → start, p50 ms", true, 2),
    STARTED_P99("committed → start, p99 ms", true, 2),
    STATEMENTS("statements/s", true, 0),
    SUBSCRIBED("200 subscriptions, ms", true, 0);

    final String title;
    final boolean lessIsBetter;
    final int decimals;

    Figure(String title, boolean lessIsBetter, int decimals) {
        this.title = title;
        this.lessIsBetter = lessIsBetter;
        this.decimals = decimals;
    }
}
