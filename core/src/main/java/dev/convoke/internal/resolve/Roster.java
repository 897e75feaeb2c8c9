package dev.convoke.internal.resolve;

import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Listeners at one moment, in subscription order.
 *
 * <p>Thread-safe: immutable, but for {@link #direct}, which tells when its moment is over.
 */
public final class Roster {
    /*
     * Concurrency
     * -----------
     * Who closes or pauses a listener, or adds one, writes in each place of `direct` before that returns; those who are about to
     * use it, or are in the middle of it, read what is there. Both is done plainly: what the same thread has written is
     * seen at once, as is what another one has written before anything that this thread has learnt from it; else it is seen
     * in time, which is what P5 allows.
     */

    /** The roster without listeners. */
    public static final Roster EMPTY = new Roster(new Registration[0], true);

    private static final Comparator<Registration> BY_PLACE = Comparator.comparingLong(Registration::place);

    private final Registration[] registrations;
    private final boolean plain;
    private final boolean simple;
    private final int inline;
    private final boolean durable;

    /** The listeners beside their registrations, where all of them are to be called just so; and then an {@link End}. */
    private final AsyncListener<Object> @Nullable [] direct;

    private Roster(Registration[] registrations, boolean mayBeDirect) {
        this.registrations = registrations;
        boolean allPlain = true;
        boolean allSimple = true;
        int allInline = 0;
        boolean allDirect = mayBeDirect;
        boolean anyDurable = false;
        for (Registration registration : registrations) {
            allPlain &= registration.isPlain();
            allSimple &= registration.isSimple();
            allInline += registration.isInline() ? 1 : 0;
            allDirect &= registration.isDirect();
            anyDurable |= registration.isDurable();
        }
        this.plain = allPlain;
        this.simple = allSimple;
        this.inline = allInline;
        this.durable = anyDurable;
        this.direct = allDirect ? makeDirect() : null;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of generic types
    private AsyncListener<Object>[] makeDirect() {
        AsyncListener<Object>[] listeners = new AsyncListener[registrations.length + 1];
        for (int i = 0; i < registrations.length; i++) {
            listeners[i] = registrations[i].listener();
        }
        listeners[registrations.length] = new End(this);
        return listeners;
    }

    /**
     * What stands behind the last of the listeners that are called directly, and is not called: it knows the roster, which
     * so nobody has to look at who calls them. With a million events that is one cache miss less for each.
     */
    private record End(Roster roster) implements AsyncListener<Object> {
        @Override
        public CompletionStage<?> onEvent(Object payload) {
            return Expired.STAGE;
        }
    }

    /** The roster whose {@link #direct} listeners have this in the last place. */
    public static Roster of(AsyncListener<Object> end) {
        return ((End) end).roster;
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

    /** Whether the journal is to keep the event for one of them. */
    public boolean isAnyDurable() {
        return durable;
    }

    /** How many of them are called on the publisher's thread. */
    public int inline() {
        return inline;
    }

    /**
     * The listeners themselves, where all are inline, take nothing but the payload, and want nothing done around the call;
     * null otherwise. The last place is not a listener's, but leads {@linkplain #of(AsyncListener) back to this}. Once the
     * listeners are others, each has made way for one that returns {@link Expired#STAGE}.
     */
    public AsyncListener<Object> @Nullable [] direct() {
        return direct;
    }

    /** The listeners are others from now on, or one of them is not to be called any more. */
    void expire() {
        if (direct != null) {
            Arrays.fill(direct, 0, registrations.length, Expired.LISTENER);
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
