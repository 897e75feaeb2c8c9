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
    /*
     * Concurrency
     * -----------
     * Who closes or pauses a listener marks the roster before that returns: `stale`, which is volatile, for those who are
     * about to use it, and each place in `direct`, written and read plainly, for those who are in the middle of it: what
     * the same thread has written is seen there at once, what another one has written in time, which is what P5 allows.
     */

    /** The roster without listeners. */
    public static final Roster EMPTY = new Roster(new Registration[0], true);

    private static final Comparator<Registration> BY_PLACE = Comparator.comparingLong(Registration::place);

    private final Registration[] registrations;
    private final boolean plain;
    private final boolean simple;
    private final int inline;

    /** The listeners beside their registrations, where all of them are to be called just so. */
    private final AsyncListener<Object> @Nullable [] direct;

    /** Whether a listener came, left or was paused since: written once, before whoever changed that returns. */
    private volatile boolean stale;

    private Roster(Registration[] registrations, boolean mayBeDirect) {
        this.registrations = registrations;
        boolean allPlain = true;
        boolean allSimple = true;
        int allInline = 0;
        boolean allDirect = mayBeDirect;
        for (Registration registration : registrations) {
            allPlain &= registration.isPlain();
            allSimple &= registration.isSimple();
            allInline += registration.isInline() ? 1 : 0;
            allDirect &= registration.isDirect();
        }
        this.plain = allPlain;
        this.simple = allSimple;
        this.inline = allInline;
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

    /** Whether none of them has to be asked, or waited for, before it is started. */
    public boolean isSimple() {
        return simple;
    }

    /** How many of them are called on the publisher's thread. */
    public int inline() {
        return inline;
    }

    /**
     * The listeners themselves, where all are inline, take nothing but the payload, and want nothing done around the call;
     * null otherwise. Once this {@link #isStale}, each has made way for one that returns {@link Expired#STAGE}.
     */
    public AsyncListener<Object> @Nullable [] direct() {
        return direct;
    }

    /** Whether the listeners are others by now, or one of them is not to be called any more. */
    boolean isStale() {
        return stale;
    }

    /** Harmless for the one without listeners, which all rows share. */
    void expire() {
        stale = registrations.length > 0;
        if (direct != null) {
            Arrays.fill(direct, Expired.LISTENER);
        }
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
