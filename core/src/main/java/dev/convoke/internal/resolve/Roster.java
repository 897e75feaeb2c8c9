package dev.convoke.internal.resolve;

import dev.convoke.listener.ListenerInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Listeners at one moment, in subscription order.
 *
 * <p>Thread-safe: immutable.
 */
public final class Roster {
    /** The roster without listeners. */
    public static final Roster EMPTY = new Roster(new Registration[0]);

    private static final Comparator<Registration> BY_PLACE = Comparator.comparingLong(Registration::place);

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

    /** The listeners of all parts in one order, less those that came after the last place. */
    static Roster merge(List<Roster> parts, long last) {
        Roster first = parts.isEmpty() ? EMPTY : parts.get(0);
        if (parts.size() <= 1 && first.endsBy(last)) {
            return first;
        }
        List<Registration> merged = new ArrayList<>();
        for (Roster part : parts) {
            part.addTo(merged, last);
        }
        merged.sort(BY_PLACE); // runs that are sorted, which is fast
        return new Roster(merged.toArray(Registration[]::new));
    }

    private boolean endsBy(long last) {
        return registrations.length == 0 || registrations[registrations.length - 1].place() <= last;
    }

    private void addTo(List<Registration> merged, long last) {
        for (Registration registration : registrations) {
            if (registration.place() <= last) {
                merged.add(registration);
            }
        }
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

    /** What can be told of them. */
    List<ListenerInfo> listeners() {
        return Arrays.stream(registrations).map(Registration::info).toList();
    }
}
