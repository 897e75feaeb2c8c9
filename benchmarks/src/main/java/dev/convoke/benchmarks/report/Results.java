package dev.convoke.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * All that one run measured, with what it was measured on.
 *
 * @param about what a reader needs to know of the run: machine, JDK, mode, revision
 * @param deliveries what became of numbered events, by scenario and subject
 */
public record Results(Map<String, String> about, List<Measurement> measurements, Map<String, String> deliveries) {
    public Results {
        about = new LinkedHashMap<>(about);
        measurements = List.copyOf(measurements);
        deliveries = new LinkedHashMap<>(deliveries);
    }

    /** The median over the rounds, where the case was measured. */
    public OptionalDouble median(Case wanted, Metric metric) {
        return medianOf(all(wanted).mapToDouble(measurement -> measurement.of(metric)));
    }

    /** The median of the ratios within each round: what slowed the machine in one round slowed both. */
    public OptionalDouble medianRatio(Case wanted, Case limit, Metric metric) {
        return medianOf(all(wanted)
                .flatMapToDouble(measurement -> all(limit)
                        .filter(other -> other.round() == measurement.round())
                        .mapToDouble(other -> measurement.of(metric) / other.of(metric))));
    }

    private Stream<Measurement> all(Case wanted) {
        return measurements.stream()
                .filter(measurement -> measurement.measured().equals(wanted));
    }

    private static OptionalDouble medianOf(DoubleStream values) {
        double[] all = values.toArray();
        return all.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(Median.of(all));
    }

    /** What became of numbered events; empty where that was not looked at. */
    public String deliveriesOf(String scenario, String subject) {
        return deliveries.getOrDefault(deliveryKey(scenario, subject), "");
    }

    public static String deliveryKey(String scenario, String subject) {
        return scenario + " / " + subject;
    }
}
