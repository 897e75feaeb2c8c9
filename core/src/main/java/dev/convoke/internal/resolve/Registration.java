package dev.convoke.internal.resolve;

import dev.convoke.event.Event;
import dev.convoke.internal.check.Check;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.RetryPolicy;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One listener in its place: what is to be called, and how.
 *
 * <p>Thread-safe.
 */
public final class Registration {
    /** Whether deliveries may start. */
    public enum State {
        /** They may. */
        OPEN,
        /** Not now. */
        PAUSED,
        /** Never again. */
        CLOSED
    }

    private static final VarHandle STATE;
    private static final VarHandle COMPANION;
    private static final VarHandle REPORTED_SLOW;
    private static final VarHandle CLAIMED;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Registration.class, "state", State.class);
            COMPANION = MethodHandles.lookup().findVarHandle(Registration.class, "companion", Object.class);
            REPORTED_SLOW = MethodHandles.lookup().findVarHandle(Registration.class, "reportedSlow", boolean.class);
            CLAIMED = MethodHandles.lookup().findVarHandle(Registration.class, "claimed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Row row;

    /** Its place in the order of all subscriptions; written with the row's lock held, before a roster has it. */
    private long place;

    /** Which listener of its row it was, from 1. */
    private final int number;

    private final AsyncListener<Object> listener;
    private final ListenerOptions options;

    /** What its subscriber said. */
    private final ListenerOptions declared;

    private final @Nullable Duration timeout;
    private final long timeoutNanos;
    private final boolean direct;
    private final boolean gated;
    private final boolean inline;
    private final boolean once;
    private final @Nullable Executor executor;
    private final @Nullable Predicate<? super Event<?>> onlyIf;

    /** OPEN ⇄ PAUSED → CLOSED. Read last before a listener is called, which is what P5 rests on. */
    private volatile State state = State.OPEN;

    /** The same text whoever makes it. */
    private @Nullable String id;

    /** What the floor above keeps for as long as this lives. */
    private volatile @Nullable Object companion;

    /** Whether it was reported as slow while it held a publisher's thread. */
    @SuppressWarnings("unused") // by its handle
    private volatile boolean reportedSlow;

    /** Whether the one delivery of a listener that runs once has been found. */
    @SuppressWarnings("unused") // by its handle
    private volatile boolean claimed;

    /** The slot of one that has left. */
    static final int NOWHERE = -1;

    /** The slot of one that has not entered its row so far. */
    static final int RESERVED = -2;

    /** Its place in the row's slots; guarded by the row's lock. */
    int slot = RESERVED;

    Registration(
            Row row, int number, AsyncListener<Object> listener, ListenerOptions declared, @Nullable Duration timeout) {
        this.declared = declared;
        this.options = declared.isDurable() ? besidesJournal(declared) : declared;
        this.row = row;
        this.number = number;
        this.listener = listener;
        this.timeout = timeout;
        this.timeoutNanos = timeout == null ? 0 : Check.nanos(timeout);
        this.gated = options.isOrdered() || options.concurrency() < Integer.MAX_VALUE;
        this.inline = options.isInline();
        this.once = options.isOnce();
        this.executor = options.executor().orElse(null);
        this.onlyIf = options.onlyIf().orElse(null);
        this.direct = isPlain() && timeout == null && !once && !isRetrying() && !ContextUse.of(listener);
    }

    /** What is left of a durable listener's options for its coordinator: the journal sees to order, concurrency and retries. */
    private static ListenerOptions besidesJournal(ListenerOptions declared) {
        ListenerOptions left = declared.name().map(ListenerOptions::named).orElse(ListenerOptions.defaults());
        if (declared.executor().isPresent()) {
            left = left.executor(declared.executor().get());
        }
        return declared.onlyIf().isPresent() ? left.onlyIf(declared.onlyIf().get()) : left;
    }

    /** The listener's id: its name, or one that is made when first asked for. */
    public String listenerId() {
        String known = id;
        if (known == null) {
            known = declared.name().orElseGet(() -> row.name() + "#" + number);
            id = known;
        }
        return known;
    }

    /** The listener, which takes every payload that it is subscribed to. */
    public AsyncListener<Object> listener() {
        return listener;
    }

    /** What its subscriber said. */
    public ListenerOptions declared() {
        return declared;
    }

    /** How a delivery of it is to be run. */
    public ListenerOptions options() {
        return options;
    }

    /** Whether publications are handed to the journal, which makes the deliveries. */
    public boolean isDurable() {
        return declared.isDurable();
    }

    /** What it was subscribed to: an event's name, a pattern, or the name of a payload type. */
    public String subscribedTo() {
        return row.name();
    }

    /** Its place in the order of all subscriptions. */
    long place() {
        return place;
    }

    /** It has this place. Called with the row's lock held. */
    void placeAt(long inOrder) {
        place = inOrder;
    }

    /** Whether its deliveries may have to wait for each other. */
    public boolean isGated() {
        return gated;
    }

    /** Whether it is called on the publisher's thread. */
    public boolean isInline() {
        return inline;
    }

    /** Its own executor, if it has one. */
    public @Nullable Executor executor() {
        return executor;
    }

    /** Which events it wants, if not all. */
    public @Nullable Predicate<? super Event<?>> onlyIf() {
        return onlyIf;
    }

    /** Whether an attempt of it may be followed by another one, or be timed out. */
    public boolean isTimedOrRetried() {
        return timeoutNanos > 0 || options.retry().attempts() > 1;
    }

    /** Whether each delivery starts at once, and may now. */
    boolean isSimple() {
        return !gated && onlyIf == null && !isDurable() && state == State.OPEN;
    }

    /** Whether it is inline, and takes every event at once. */
    boolean isPlain() {
        return inline && !gated && onlyIf == null;
    }

    /** Whether its failures are tried again, or become dead letters. */
    private boolean isRetrying() {
        return !options.retry().equals(RetryPolicy.none());
    }

    /** Whether nothing but a call of the listener with the payload is needed, and it may be called now. */
    boolean isDirect() {
        return direct && state == State.OPEN;
    }

    /** Its time-out in nanoseconds, its own or the coordinator's; 0 where it has none. */
    public long timeoutNanos() {
        return timeoutNanos;
    }

    /** Whether a delivery may start now. */
    public State state() {
        return state;
    }

    /** Lets no delivery start until it is resumed. */
    public void pause() {
        if (STATE.compareAndSet(this, State.OPEN, State.PAUSED)) {
            row.changed();
        }
    }

    /** Lets deliveries start again. */
    public void resume() {
        if (STATE.compareAndSet(this, State.PAUSED, State.OPEN)) {
            row.changed();
        }
    }

    /** Enters the registry, where that only keeps a place for it: publications find it from now on. */
    public void enter() {
        row.enter(this);
    }

    /** Closes and leaves the registry; says whether it had not been closed before. */
    public boolean close() {
        boolean closedNow = STATE.getAndSet(this, State.CLOSED) != State.CLOSED;
        row.remove(this);
        return closedNow;
    }

    /** Whether one more delivery may run; of a listener that runs once, the first that asks may, and nobody finds it after that. */
    public boolean claim() {
        if (!once) {
            return true;
        }
        boolean won = CLAIMED.compareAndSet(this, false, true);
        if (won) {
            row.remove(this);
        }
        return won;
    }

    /** What the floor above keeps for this, made when first asked for. */
    public Object companion(Supplier<?> first) {
        Object known = companion;
        if (known == null) {
            COMPANION.compareAndSet(this, null, first.get());
        }
        return known == null ? companion(first) : known;
    }

    /** Says once that it is to be reported as slow. */
    public boolean reportSlowOnce() {
        return REPORTED_SLOW.compareAndSet(this, false, true);
    }

    ListenerInfo info() {
        return new ListenerInfo(
                listenerId(),
                row.name(),
                row.payloadType(),
                Optional.ofNullable(timeout),
                state == State.PAUSED,
                declared);
    }
}
