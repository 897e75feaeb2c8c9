package dev.convoke.internal.resolve;

import java.util.Arrays;

/**
 * The listeners of one event at one moment, in subscription order.
 *
 * <p>Thread-safe: immutable.
 */
public final class Roster {
    /** The roster without listeners. */
    public static final Roster EMPTY = new Roster(new Registration[0]);

    private final Registration[] registrations;
    private final boolean plain;

    Roster(Registration[] registrations) {
        this.registrations = registrations;
        this.plain = Arrays.stream(registrations).allMatch(Registration::isPlain);
    }

    /** The roster of one listener. */
    public static Roster of(Registration registration) {
        return new Roster(new Registration[] {registration});
    }

    /** How many listeners there are. */
    public int size() {
        return registrations.length;
    }

    /** Whether all of them are inline and nothing keeps them from starting at once. */
    public boolean isPlain() {
        return plain;
    }

    /** The listener in this place of the subscription order. */
    public Registration get(int index) {
        return registrations[index];
    }
}
