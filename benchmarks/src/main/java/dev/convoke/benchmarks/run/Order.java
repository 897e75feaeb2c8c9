package dev.convoke.benchmarks.run;

import java.util.Set;

/** Who promises that a listener gets events in the order of their publication. */
final class Order {
    /** Those that give each delivery to a pool or a thread of its own. */
    private static final Set<String> UNORDERED =
            Set.of("Convoke", "Convoke on pool", "Convoke unordered", "Convoke, stopped clock", "Guava", "L4", "L5");

    private Order() {}

    static boolean isPromisedBy(String subject, Kind kind) {
        return kind != Kind.HAND_OFF || !UNORDERED.contains(subject);
    }
}
