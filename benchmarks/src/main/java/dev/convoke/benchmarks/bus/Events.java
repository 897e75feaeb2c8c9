package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import org.jspecify.annotations.Nullable;

/** Publishes one of many events, told apart as the subject does: by name, by type, by the payload's class. */
public interface Events extends AutoCloseable {
    /** Adds a listener to the event of this number. */
    void subscribe(int event, int index, Body body);

    /** Publishes the event of this number. */
    @Nullable Object publish(int event, Payload payload);

    @Override
    default void close() {}
}
