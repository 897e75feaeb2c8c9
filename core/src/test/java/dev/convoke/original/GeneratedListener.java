package dev.convoke.original;

import java.util.ArrayList;
import java.util.List;

/**
 * A listener of a script that is being made. Confined to one thread.
 *
 * @param label its name
 * @param rank it publishes only events that come behind this one
 * @param actions what it does, and its end
 */
record GeneratedListener(String label, int rank, List<String> actions) {
    GeneratedListener(String label, int rank) {
        this(label, rank, new ArrayList<>());
    }

    String line() {
        return "listener " + label + " " + String.join(" ", actions);
    }
}
