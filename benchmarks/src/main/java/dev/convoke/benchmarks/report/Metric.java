package dev.convoke.benchmarks.report;

/** What is known of one operation. */
public enum Metric {
    /** Nanoseconds by the clock. */
    TIME("ns"),
    /** Bytes allocated; bytes retained where that is what a scenario measures. */
    BYTES("B"),
    /** Nanoseconds of processor time, of all threads together. */
    CPU("ns CPU");

    private final String unit;

    Metric(String unit) {
        this.unit = unit;
    }

    public String unit() {
        return unit;
    }
}
