package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;

/** The listeners of one event, coming and going. */
public interface Roster extends AutoCloseable {
    /** Adds a listener and returns what to remove it by. */
    Object add(int index, Body body);

    /** Removes a listener. */
    void remove(Object added);

    @Override
    default void close() {}
}
