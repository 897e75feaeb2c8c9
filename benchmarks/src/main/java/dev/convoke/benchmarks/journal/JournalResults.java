package dev.convoke.benchmarks.journal;

import dev.convoke.benchmarks.report.Median;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * All that one run has measured.
 *
 * @param about what a reader needs to know of the run: machine, JDK, server, revision
 */
record JournalResults(Map<String, String> about, List<Sample> samples) {
    JournalResults {
        about = new LinkedHashMap<>(about);
        samples = List.copyOf(samples);
    }

    /**
     * What one subject came to in one round.
     *
     * @param round from 0
     */
    record Sample(String scenario, String subject, int round, Finding finding) {}

    /** The median over the rounds. */
    OptionalDouble median(String scenario, String subject, Figure figure) {
        return medianOf(of(scenario, subject).mapToDouble(sample -> value(sample, figure)));
    }

    /** The median of the ratios within each round: what slowed the machine in one round slowed both. */
    OptionalDouble medianRatio(String scenario, String subject, String other, Figure figure) {
        return medianOf(of(scenario, subject)
                .flatMapToDouble(sample -> of(scenario, other)
                        .filter(beside -> beside.round() == sample.round())
                        .mapToDouble(beside -> value(sample, figure) / value(beside, figure))));
    }

    private static double value(Sample sample, Figure figure) {
        return sample.finding().figures().getOrDefault(figure, Double.NaN);
    }

    private static OptionalDouble medianOf(DoubleStream values) {
        double[] known = values.filter(Double::isFinite).toArray();
        return known.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(Median.of(known));
    }

    /** What was wrong with a subject's deliveries, in any round; each once. */
    List<String> faults(String scenario, String subject) {
        return of(scenario, subject)
                .map(sample -> sample.finding().fault())
                .filter(fault -> !fault.isEmpty())
                .distinct()
                .toList();
    }

    /** The figures of a scenario, in their order. */
    List<Figure> figures(String scenario) {
        return Stream.of(Figure.values())
                .filter(figure -> samples.stream()
                        .anyMatch(sample -> sample.scenario().equals(scenario)
                                && sample.finding().figures().containsKey(figure)))
                .toList();
    }

    /** Deliveries a second for each tenth of a backlog, as medians over the rounds; empty where there was none. */
    List<Double> tenths(String scenario, String subject) {
        List<double[]> rounds = of(scenario, subject)
                .map(sample -> sample.finding().tenths())
                .filter(tenths -> tenths.length > 0)
                .toList();
        List<Double> medians = new ArrayList<>();
        for (int i = 0; !rounds.isEmpty() && i < rounds.get(0).length; i++) {
            int tenth = i;
            medians.add(
                    medianOf(rounds.stream().mapToDouble(round -> round[tenth])).orElse(Double.NaN));
        }
        return medians;
    }

    boolean hasMeasured(String subject) {
        return samples.stream().anyMatch(sample -> Objects.equals(sample.subject(), subject));
    }

    private Stream<Sample> of(String scenario, String subject) {
        return samples.stream()
                .filter(sample ->
                        sample.scenario().equals(scenario) && sample.subject().equals(subject));
    }
}
