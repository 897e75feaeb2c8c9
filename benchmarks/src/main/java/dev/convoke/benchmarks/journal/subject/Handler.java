package dev.convoke.benchmarks.journal.subject;

/** What a listener does with each delivery. Thread-safe. */
@FunctionalInterface
public interface Handler {
    /**
     * Handles one.
     *
     * @param listener which listener it is delivered to, from 0
     */
    void handle(int listener, Order order);
}
