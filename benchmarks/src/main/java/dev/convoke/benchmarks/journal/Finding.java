package dev.convoke.benchmarks.journal;

import java.util.Map;

/**
 * What one subject came to in one scenario of one round.
 *
 * @param fault what is wrong with the deliveries; empty where each was made once
 * @param tenths deliveries a second, for each tenth of a backlog; empty where there was none
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
record Finding(Map<Figure, Double> figures, String fault, double[] tenths) {
    Finding(Map<Figure, Double> figures, String fault) {
        this(figures, fault, new double[0]);
    }
}
