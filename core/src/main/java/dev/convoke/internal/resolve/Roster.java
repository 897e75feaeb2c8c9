package dev.convoke.internal.resolve;

import dev.convoke.listener.ListenerInfo;
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
        List<Roster> heard = parts.stream().filter(part -> part.size() > 0).toList();
        if (heard.size() == 1 && heard.get(0).endsBy(last)) {
            return heard.get(0);
        }
        Registration[] merged = heard.stream()
                .flatMap(part -> Arrays.stream(part.registrations))
                .filter(registration -> registration.place() <= last)
                .sorted(Comparator.comparingLong(Registration::place))
                .toArray(Registration[]::new);
        return merged.length == 0 ? EMPTY : new Roster(merged);
    }

    private boolean endsBy(long last) {
        return registrations[registrations.length - 1].place() <= last;
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
