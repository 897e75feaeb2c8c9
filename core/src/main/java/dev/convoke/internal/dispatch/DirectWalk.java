package dev.convoke.internal.dispatch;

import dev.convoke.event.EventType;
import dev.convoke.event.Unheard;
import dev.convoke.internal.resolve.Expired;
import dev.convoke.internal.resolve.ListenerRegistry;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.internal.resolve.Roster;
import dev.convoke.internal.settle.Settlement;
import dev.convoke.listener.AsyncListener;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Publishes events to listeners that are inline and want nothing but the payload: calls them, one after another, and makes
 * nothing of its own as long as each has completed when it returns. What is not like that goes the dispatcher's way.
 *
 * <p>Thread-safe: it has no state of its own.
 */
public final class DirectWalk {
    /** Of a stage that has not completed. */
    private static final Object PENDING = new Object();

    private final ListenerRegistry registry;
    private final Dispatcher dispatcher;
    private final long prefix;

    /** How deep in a chain a publication may be that goes this way: names of those in it are not kept here. */
    private final int maxDepth;

    /** A way of publishing what the dispatcher's settings allow to be called directly. */
    public DirectWalk(ListenerRegistry registry, Dispatcher dispatcher) {
        this.registry = registry;
        this.dispatcher = dispatcher;
        this.prefix = dispatcher.ids().prefix();
        this.maxDepth = dispatcher.maxDirectDepth();
    }

    /**
     * Publishes an event to its listeners.
     *
     * @return a {@link LivePublication}; or, where all have completed at once, what a {@link DirectPublication} is made of
     * @throws NullPointerException if the payload is null
     * @throws IllegalArgumentException if the payload is not of the type, the name is bound to another one, or the type's
     *     key function fails
     */
    /*
     * Why this is long
     * ----------------
     * Where a caller ignores the publication there is none, provided that the compiler sees the making of the object and
     * the caller at once. So the method that makes it, the coordinator's, has to be small when compiled, and this one must
     * not become a part of it: it is longer than the 325 bytecodes up to which the compiler inlines. AllocationTest holds
     * it to that.
     */
    // Whatever it completes with is an object; it is this very stage that is meant.
    @SuppressWarnings({"unchecked", "ReferenceEquality"})
    public <E> Object publish(EventType<E> type, E payload) {
        AsyncListener<Object>[] listeners = registry.direct(type, payload);
        if (listeners == null) {
            Roster found = registry.rosterOf(type, payload);
            listeners = found.direct();
            if (listeners == null) {
                return dispatcher.publish(type, payload, found, Envelope.EMPTY);
            }
        }
        int size = listeners.length - 1;
        AsyncListener<Object> end = listeners[size];
        if (!dispatcher.isDirect() || (size == 0 && type.unheard() != Unheard.IGNORE)) {
            return dispatcher.publish(type, payload, Roster.of(end), Envelope.EMPTY);
        }
        @Nullable Object[] slot = Current.slot();
        long[] numbers = Current.direct(slot);
        Inside inside = null;
        if (numbers[Current.FRAMES] != 0 || Current.get(slot) != null || type.isKeyed()) {
            inside = inside(type, payload, numbers);
            if (inside == null) {
                return dispatcher.publish(type, payload, Roster.of(end), Envelope.EMPTY);
            }
        } else if (size == 0) {
            return end;
        } else {
            begin(numbers, 1, 1);
            numbers[Current.SPARED] = 0;
        }
        LivePublication<E> live = null;
        try {
            @Nullable Object @Nullable [] values = null;
            CompletionStage<?> returned = null;
            CompletionStage<?> shared = null;
            Throwable thrown = null;
            int i = 0;
            try {
                for (; i < size; i++) {
                    CompletionStage<?> stage = listeners[i].onEvent(payload);
                    if (stage != shared || stage == null) { // one that many listeners return is looked at once
                        returned = stage;
                        if (stage == null) {
                            thrown = Results.nullStage(
                                    type.name(), Roster.of(end).get(i).listenerId());
                            break;
                        }
                        if (stage.getClass() != CompletableFuture.class) {
                            break; // others may refuse to be asked, as minimal stages do
                        }
                        Object value = ((CompletableFuture<Object>) stage).getNow(PENDING);
                        if (value == PENDING) {
                            break;
                        }
                        if (value == null) {
                            shared = stage;
                        } else {
                            if (values == null) {
                                values = new @Nullable Object[size];
                            }
                            values[i] = value;
                        }
                        returned = null;
                    }
                }
            } catch (Throwable e) {
                thrown = returned == null ? e : null; // else the stage has failed
            }
            Inside in = inside == null ? Inside.NOTHING : inside;
            if (i == size) {
                boolean isPlain = values == null && inside == null && numbers[Current.NUMBER] == 0;
                return isPlain ? end : in.particulars(Roster.of(end), values, numbers[Current.NUMBER]);
            }
            Roster roster = Roster.of(end);
            live = live(type, payload, roster, values, i, numbers, in);
            goOn(live, roster, i, returned == Expired.STAGE ? null : returned, thrown, numbers);
            return live;
        } finally {
            // At once, and without a call: a stack that has run out has no room for one.
            long number = numbers[Current.NUMBER];
            long frames = numbers[Current.FRAMES];
            if (inside == null) {
                numbers[Current.FRAMES] = 0;
            } else {
                numbers[Current.PREFIX] = inside.outer[Current.PREFIX];
                numbers[Current.NUMBER] = inside.outer[Current.NUMBER];
                numbers[Current.DEPTH] = inside.outer[Current.DEPTH];
                numbers[Current.FRAMES] = inside.outer[Current.FRAMES];
            }
            if (number != 0) {
                DirectParent.end(slot, frames, live);
            }
        }
    }

    private void begin(long[] numbers, int depth, long frames) {
        numbers[Current.PREFIX] = prefix;
        numbers[Current.NUMBER] = 0;
        numbers[Current.DEPTH] = depth;
        numbers[Current.FRAMES] = frames;
    }

    // ---- with a key, or inside of a listener ----

    /** What is around a publication, and the numbers of what it is directly inside of. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
    private record Inside(Around around, @Nullable String key, long[] outer) {
        static final Inside NOTHING = new Inside(Around.NOTHING, null, new long[0]);

        DirectPublication.Particulars particulars(Roster roster, @Nullable Object @Nullable [] values, long number) {
            return new DirectPublication.Particulars(roster, values, number, key, parentId());
        }

        @Nullable String parentId() {
            String direct = around.parentId();
            return direct == null && around.parent() != null
                    ? around.parent().publication().id()
                    : direct;
        }
    }

    /** Null where the publication cannot go this way. */
    private <E> @Nullable Inside inside(EventType<E> type, E payload, long[] numbers) {
        Around around = Around.here();
        if (!mayGoInside(around)) {
            return null;
        }
        Inside inside = new Inside(around, Envelope.EMPTY.keyOf(type, payload), numbers.clone());
        if (around.depthOnThread() == 0) {
            numbers[Current.SPARED] = 0;
        }
        begin(numbers, around.depth() + 1, inside.outer[Current.FRAMES] + 1); // last: from here on it has to be ended
        return inside;
    }

    private boolean mayGoInside(Around around) {
        DirectParent direct = around.directOnThread();
        Invocation above = around.onThread();
        return (direct == null || direct.isOf(prefix))
                && (above == null || !above.publication().lineage().hasDeadline())
                && around.depthOnThread() < Invocation.DEEPEST_INLINE
                && around.depth() < maxDepth;
    }

    // ---- where it is not as simple as that ----

    /** A publication whose first listeners have completed with these values, or all of them with null. */
    private <E> LivePublication<E> live(
            EventType<E> type,
            E payload,
            Roster roster,
            @Nullable Object @Nullable [] values,
            int completed,
            long[] numbers,
            Inside inside) {
        return new LivePublication<>(
                dispatcher,
                type,
                payload,
                inside.key,
                roster,
                Lineage.direct(inside.around, inside.parentId()),
                DirectParent.numberOf(numbers),
                contents(roster, values, completed),
                completed);
    }

    private static @Nullable Object[] contents(Roster roster, @Nullable Object @Nullable [] values, int completed) {
        @Nullable Object[] contents = values == null ? new @Nullable Object[roster.size()] : values;
        for (int i = 0; i < completed; i++) {
            Object content = Settlement.contentFor(contents[i]);
            contents[i] = content != null ? content : DirectPublication.succeeded(roster, i, contents[i]);
        }
        return contents;
    }

    /** Goes on after the listeners that have completed, the next of which has returned or thrown this, or was not called. */
    private static void goOn(
            LivePublication<?> live,
            Roster roster,
            int completed,
            @Nullable CompletionStage<?> returned,
            @Nullable Throwable thrown,
            long[] numbers) {
        long since = live.dispatcher().elapsed();
        int next = completed;
        if (returned != null || thrown != null) {
            took(live, next++, returned, thrown, since);
        }
        for (int i = next; i < roster.size(); i++) {
            call(live, i, roster.get(i), since);
        }
        if (numbers[Current.SPARED] != 0) {
            live.spare();
        }
        live.walked();
    }

    /** Calls the listener if it may be called. */
    private static void call(LivePublication<?> live, int index, Registration registration, long since) {
        Registration.State state = registration.state();
        if (state != Registration.State.OPEN) {
            new Pending(live, index).skip(state);
            return;
        }
        CompletionStage<?> returned = null;
        Throwable thrown = null;
        try {
            returned = registration.listener().onEvent(live.payload());
            if (returned == null) {
                thrown = Results.nullStage(live.type().name(), registration.listenerId());
            }
        } catch (Throwable e) {
            thrown = e;
        }
        took(live, index, returned, thrown, since);
    }

    @SuppressWarnings("ReferenceEquality") // that very object says so
    private static void took(
            LivePublication<?> live,
            int index,
            @Nullable CompletionStage<?> returned,
            @Nullable Throwable thrown,
            long since) {
        if (thrown != null || returned == null) {
            new Pending(live, index).fail(Objects.requireNonNull(thrown));
            return;
        }
        Object value = Stages.valueOf(returned);
        if (value == Stages.NO_VALUE) {
            new Pending(live, index).await(returned, since);
        } else {
            live.settlement().putValue(index, value);
            live.settlement().arrive(index);
        }
    }
}
