package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Shapes;
import java.util.LinkedHashSet;
import java.util.Set;

/** The least that knows its listeners in order and removes any of them: a linked hash set, not even thread-safe. */
final class HashSetRoster implements Roster {
    private final Set<Object> listeners = new LinkedHashSet<>();

    @Override
    public Object add(int index, Body body) {
        Object listener = Shapes.async(index, body);
        listeners.add(listener);
        return listener;
    }

    @Override
    public void remove(Object added) {
        listeners.remove(added);
    }
}
