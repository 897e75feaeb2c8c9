package dev.convoke.internal.resolve;

import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Listeners at one moment, in subscription order.
 *
 * <p>Thread-safe: immutable, but for the mark that its moment is over.
 */
public final class Roster {
    /** The roster without listeners. */
    public static final Roster EMPTY = new Roster(new Registration[0], true);

    private static final Comparator<Registration> BY_PLACE = Comparator.comparingLong(Registration::place);

    private final Registration[] registrations;
    private final boolean plain;

    /** The listeners beside their registrations, where all of them are to be called just so. */
    private final AsyncListener<Object> @Nullable [] direct;

    /** Whether a listener came, left or was paused since: written once, before whoever changed that returns. */
    private volatile boolean stale;

    private Roster(Registration[] registrations, boolean mayBeDirect) {
        this.registrations = registrations;
        boolean allPlain = true;
        boolean allDirect = mayBeDirect;
        for (Registration registration : registrations) {
            allPlain &= registration.isPlain();
            allDirect &= registration.isDirect();
        }
        this.plain = allPlain;
        this.direct = allDirect ? listenersOf(registrations) : null;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of generic types
    private static AsyncListener<Object>[] listenersOf(Registration[] registrations) {
        AsyncListener<Object>[] listeners = new AsyncListener[registrations.length];
        for (int i = 0; i < listeners.length; i++) {
            listeners[i] = registrations[i].listener();
        }
        return listeners;
    }

    /** The roster of one row; whoever changes the row has to {@link #expire} it. */
    static Roster ofRow(Registration[] registrations) {
        return registrations.length == 0 ? EMPTY : new Roster(registrations, true);
    }

    /** The roster of one listener. */
    public static Roster of(Registration registration) {
        return new Roster(new Registration[] {registration}, false);
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
        return new Roster(merged.toArray(Registration[]::new), false);
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

    /**
     * The listeners themselves, where all are inline, take nothing but the payload, and want nothing done around the call;
     * null otherwise. Who calls them looks before each call whether this {@link #isStale}.
     */
    public AsyncListener<Object> @Nullable [] direct() {
        return direct;
    }

    /** Whether the listeners are others by now, or one of them is not to be called any more. */
    public boolean isStale() {
        return stale;
    }

    /** Harmless for the one without listeners, which all rows share. */
    void expire() {
        stale = registrations.length > 0;
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
