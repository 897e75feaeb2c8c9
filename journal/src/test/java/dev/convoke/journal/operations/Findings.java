package dev.convoke.journal.operations;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What promises were broken, each with some examples. Confined to one thread. */
final class Findings {
    private static final int EXAMPLES = 5;

    private final Map<String, List<String>> evidence = new TreeMap<>();

    /** A promise was broken, as this shows. */
    void add(String promise, String example) {
        evidence.computeIfAbsent(promise, p -> new ArrayList<>()).add(example);
    }

    void addAll(String promise, Collection<String> examples) {
        examples.forEach(example -> add(promise, example));
    }

    /** How often, and some examples; empty where all promises were kept. */
    List<String> describe() {
        return evidence.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue().size() + "\n    "
                        + String.join(
                                "\n    ",
                                entry.getValue().stream().limit(EXAMPLES).toList()))
                .toList();
    }
}
