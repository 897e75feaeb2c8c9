package dev.convoke.model;

import java.util.Map;
import java.util.TreeMap;

/** How often the scenarios came upon something. Confined to one thread. */
final class Coverage {
    private final Map<String, Integer> counts = new TreeMap<>();

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    int of(String what) {
        return counts.getOrDefault(what, 0);
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
