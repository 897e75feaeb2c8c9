package dev.convoke.benchmarks.run;

import dev.convoke.benchmarks.report.Case;
import dev.convoke.benchmarks.report.Metric;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * A question, and whom it is put to.
 *
 * <p>Confined to one thread while it is described; read only afterwards.
 */
final class Scenario {
    final String id;
    final String title;
    final Kind kind;
    final String benchmark;
    final String parameter;

    List<String> variants = List.of();
    List<String> briefVariants = List.of();
    List<String> subjects = List.of();
    List<String> briefSubjects = List.of();
    Map<String, String> limits = Map.of();
    ToIntFunction<String> threads = variant -> 1;
    Metric compared = Metric.TIME;
    boolean perThread = true;
    boolean ownIterations;
    int forks = 1;
    ToIntFunction<String> longer = variant -> 1;
    String heap = "512m";
    private final Map<String, Integer> caps = new HashMap<>();

    /**
     * @param benchmark the JMH benchmark, as class and method
     * @param parameter the field that the variant is given to
     */
    Scenario(String id, String title, Kind kind, String benchmark, String parameter) {
        this.id = id;
        this.title = title;
        this.kind = kind;
        this.benchmark = benchmark;
        this.parameter = parameter;
    }

    /** The parameter's values: all, and those of a brief run. */
    Scenario variants(List<String> all, List<String> brief) {
        variants = all;
        briefVariants = brief;
        return this;
    }

    /** Who is measured: in a brief run, and beside those in a full one. */
    Scenario subjects(List<String> brief, List<String> others) {
        briefSubjects = brief;
        subjects = Stream.concat(brief.stream(), others.stream()).distinct().toList();
        return this;
    }

    /** Whom each subject is compared with, by the subject's name; an empty name stands for all others. */
    Scenario limits(Map<String, String> bySubject) {
        limits = bySubject;
        return this;
    }

    /** What the scenario is about. */
    Scenario compared(Metric metric) {
        compared = metric;
        return this;
    }

    Scenario threads(ToIntFunction<String> byVariant) {
        threads = byVariant;
        return this;
    }

    /** Whether the time is that between two operations of all threads, rather than what one operation takes. */
    Scenario timeOfAllThreads() {
        perThread = false;
        return this;
    }

    /** Whether the benchmark says itself how often it is run. */
    Scenario ownIterations() {
        ownIterations = true;
        return this;
    }

    /** In how many JVMs a case is measured in each round: more than one where what one finds is chance. */
    Scenario forks(int number) {
        forks = number;
        return this;
    }

    /** How many times as long the iterations are, by variant: for what takes longer to come to rest. */
    Scenario longer(ToIntFunction<String> times) {
        longer = times;
        return this;
    }

    Scenario heap(String size) {
        heap = size;
        return this;
    }

    /** The subject is left out above this variant, as it would take too long. */
    Scenario cap(String subject, int variant) {
        caps.put(subject, variant);
        return this;
    }

    boolean isTooMuchFor(String subject, String variant) {
        return caps.containsKey(subject) && Integer.parseInt(variant) > caps.get(subject);
    }

    String limitOf(String subject) {
        return limits.getOrDefault(subject, limits.getOrDefault("", subject));
    }

    Case at(String variant, String subject) {
        return new Case(id, variant, subject);
    }
}
