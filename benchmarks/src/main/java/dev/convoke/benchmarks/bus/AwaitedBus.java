package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;

/** Publishes one event to listeners that run on other threads, and waits for all of them. */
public interface AwaitedBus extends AutoCloseable {
    /** Adds a listener; the index says of which shape. */
    void subscribe(int index, Body body);

    /** Called once, when all have subscribed. */
    default void start() {}

    /** Returns when all listeners have handled the payload; called by several threads at once. */
    void publishAndWait(Payload payload) throws Exception;

    @Override
    default void close() {}
}
