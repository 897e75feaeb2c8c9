package dev.convoke.journal.operations;

import java.util.function.Predicate;

/**
 * What has to become of events at one listener.
 *
 * @param wants which events it gets for certain; of others nothing is said
 * @param isDead of which event the delivery has to be dead in the end, as the listener always fails
 */
record Expectation(
        String listener,
        boolean isOrdered,
        boolean isTransactional,
        Predicate<History.Publication> wants,
        Predicate<String> isDead) {
    /** It gets every event, in any order, and is done with each in the end. */
    static Expectation of(String listener) {
        return new Expectation(listener, false, false, publication -> true, event -> false);
    }

    Expectation ordered() {
        return new Expectation(listener, true, isTransactional, wants, isDead);
    }

    /** Its effects are in the table {@code effect}. */
    Expectation transactional() {
        return new Expectation(listener, isOrdered, true, wants, isDead);
    }

    /** Whether it is the listener's name. */
    boolean isOf(String name) {
        return listener.equals(name);
    }

    Expectation wants(Predicate<History.Publication> which) {
        return new Expectation(listener, isOrdered, isTransactional, which, isDead);
    }

    Expectation dead(Predicate<String> which) {
        return new Expectation(listener, isOrdered, isTransactional, wants, which);
    }
}
