package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import org.jspecify.annotations.Nullable;

/** Publishes one event to its listeners, and does not wait for those that run elsewhere. */
public interface Bus extends AutoCloseable {
    /** Adds a listener; the index says of which shape. */
    void subscribe(int index, Body body);

    /** Called once, when all have subscribed. */
    default void start() {}

    /** Publishes; what it returns is what a publisher would keep. */
    @Nullable Object publish(Payload payload);

    @Override
    default void close() {}
}
