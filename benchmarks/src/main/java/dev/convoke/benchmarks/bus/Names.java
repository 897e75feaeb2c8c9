package dev.convoke.benchmarks.bus;

import java.util.Arrays;

/** Names of many events, made once. */
final class Names {
    private Names() {}

    static String[] of(int events) {
        String[] names = new String[events];
        Arrays.setAll(names, event -> "benchmark.event-" + event);
        return names;
    }
}
