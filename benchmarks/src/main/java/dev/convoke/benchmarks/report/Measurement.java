package dev.convoke.benchmarks.report;

/**
 * What one JVM measured for one operation.
 *
 * @param round which round it was in, from 0
 * @param time nanoseconds by the clock
 * @param bytes allocated or, where a scenario is about that, retained
 * @param cpu nanoseconds of processor time
 */
public record Measurement(Case measured, int round, double time, double bytes, double cpu) {
    public double of(Metric metric) {
        return switch (metric) {
            case TIME -> time;
            case BYTES -> bytes;
            case CPU -> cpu;
        };
    }
}
