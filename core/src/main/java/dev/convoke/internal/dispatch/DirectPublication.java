package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.Outcome;
import dev.convoke.event.PublicationFailedException;
import dev.convoke.internal.resolve.Roster;
import dev.convoke.listener.AsyncListener;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A publication all of whose listeners had completed when it was made. What is asked of it is made when it is asked.
 *
 * <p>Thread-safe. It is small, and nothing of it is needed where nobody keeps it.
 *
 * @param <E> the payload type
 */
public abstract class DirectPublication<E> {
    private static final VarHandle ENVELOPE;

    static {
        try {
            ENVELOPE = MethodHandles.lookup().findVarHandle(DirectPublication.class, "envelope", Enveloped.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Dispatcher dispatcher;
    private final EventType<E> type;
    private final E payload;

    /** What leads to the {@link Roster}, or {@link Particulars} where there is more to say. */
    private final Object walked;

    /** Made when first asked for, then the same. */
    private volatile @Nullable Enveloped<E> envelope;

    /**
     * A publication that has ended.
     *
     * @param walked what {@link DirectWalk} made of it
     */
    protected DirectPublication(Dispatcher dispatcher, EventType<E> type, E payload, Object walked) {
        this.dispatcher = dispatcher;
        this.type = type;
        this.payload = payload;
        this.walked = walked;
    }

    /**
     * What only some publications have.
     *
     * @param values the listeners', or null where all are null
     * @param number of the event's id, 0 where nobody has asked for it so far
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
    record Particulars(
            Roster roster,
            @Nullable Object @Nullable [] values,
            long number,
            @Nullable String key,
            @Nullable String parentId) {}

    private record Enveloped<E>(Event<E> event, Outcome outcome) {}

    @SuppressWarnings("unchecked") // it is the end of direct listeners
    private Particulars particulars() {
        return walked instanceof Particulars particulars
                ? particulars
                : new Particulars(Roster.of((AsyncListener<Object>) walked), null, 0, null, null);
    }

    private Enveloped<E> envelope() {
        Enveloped<E> known = envelope;
        if (known != null) {
            return known;
        }
        Particulars particulars = particulars();
        ENVELOPE.compareAndSet(this, null, enveloped(particulars));
        return envelope();
    }

    private Enveloped<E> enveloped(Particulars with) {
        String id = dispatcher.ids().idOf(with.number == 0 ? Ids.nextNumber() : with.number);
        Event<E> event =
                new Event<>(id, type, payload, with.key, Envelope.HERE, dispatcher.instant(), Map.of(), with.parentId);
        return new Enveloped<>(event, Outcome.of(id, results(with.roster, with.values)));
    }

    private static List<DeliveryResult> results(Roster roster, @Nullable Object @Nullable [] values) {
        return IntStream.range(0, roster.size())
                .mapToObj(i -> succeeded(roster, i, values == null ? null : values[i]))
                .toList();
    }

    /** The result of a listener that had completed when it returned. */
    static DeliveryResult succeeded(Roster roster, int index, @Nullable Object value) {
        return new Succeeded(roster.get(index).listenerId(), Duration.ZERO, 1, value);
    }

    /** The event in its envelope. */
    public final Event<E> event() {
        return envelope().event;
    }

    /** The outcome: everything succeeded. */
    public final CompletableFuture<Outcome> outcome() {
        return CompletableFuture.completedFuture(envelope().outcome);
    }

    /** All values. */
    public final CompletableFuture<List<@Nullable Object>> gather() {
        Particulars all = particulars();
        @Nullable Object[] values = all.values == null ? new @Nullable Object[all.roster.size()] : all.values;
        return CompletableFuture.completedFuture(Collections.unmodifiableList(Arrays.asList(values)));
    }

    /** The first value, if there was a listener. */
    public final CompletableFuture<@Nullable Object> first() {
        return particulars().roster.size() == 0
                ? CompletableFuture.failedFuture(new PublicationFailedException(envelope().outcome))
                : gather().thenApply(values -> values.get(0));
    }

    /** Nothing is left to cancel. */
    public final boolean cancel() {
        return false;
    }

    @Override
    public final String toString() {
        return "Publication[" + event() + "]";
    }
}
