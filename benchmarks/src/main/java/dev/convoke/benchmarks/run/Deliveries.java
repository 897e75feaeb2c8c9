package dev.convoke.benchmarks.run;

import java.util.ArrayList;
import java.util.List;

/** What became of numbered events, over all listeners. */
record Deliveries(int lost, int duplicated, int reordered) {
    /**
     * In words for a table.
     *
     * @param ordered whether the subject promises the order of publication to each listener
     */
    String describe(boolean ordered) {
        List<String> faults = new ArrayList<>();
        add(faults, "lost", lost);
        add(faults, "duplicated", duplicated);
        if (ordered) {
            add(faults, "reordered", reordered);
        }
        if (faults.isEmpty()) {
            return ordered ? "kept in order" : "unordered";
        }
        return String.join(", ", faults);
    }

    private static void add(List<String> faults, String what, int count) {
        if (count > 0) {
            faults.add(what + " " + count);
        }
    }
}
