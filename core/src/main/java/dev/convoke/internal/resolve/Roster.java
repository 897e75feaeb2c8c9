package dev.convoke.internal.resolve;

/**
 * The listeners of one event at one moment, in subscription order.
 *
 * <p>Thread-safe: immutable.
 */
public final class Roster {
    /** The roster without listeners. */
    public static final Roster EMPTY = new Roster(new Registration[0]);

    private final Registration[] registrations;
    private final int onExecutor;

    Roster(Registration[] registrations) {
        this.registrations = registrations;
        int count = 0;
        for (Registration registration : registrations) {
            count += registration.options().isInline() || registration.isGated() ? 0 : 1;
        }
        this.onExecutor = count;
    }

    /** How many listeners there are. */
    public int size() {
        return registrations.length;
    }

    /** How many of them go to an executor at once. */
    public int onExecutor() {
        return onExecutor;
    }

    /** The listener in this place of the subscription order. */
    public Registration get(int index) {
        return registrations[index];
    }
}
