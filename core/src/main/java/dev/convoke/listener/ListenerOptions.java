package dev.convoke.listener;

import dev.convoke.event.Event;
import dev.convoke.internal.check.Check;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a listener is to be run: {@code ListenerOptions.named("ledger").timeout(ofSeconds(2)).ordered()}.
 *
 * <p>Thread-safe: immutable; each method returns other options.
 */
public final class ListenerOptions {
    /** How many deliveries wait for a listener where nothing else is said: a tenth of what is in flight by default. */
    public static final int DEFAULT_QUEUE = 1_000;

    /** How often a durable listener is tried where nothing else is said: some seconds of a blip are survived. */
    public static final RetryPolicy DURABLE_RETRY = RetryPolicy.exponential(5);

    private static final ListenerOptions DEFAULTS = new ListenerOptions(new Choices());

    private final Choices choices;

    private ListenerOptions(Choices choices) {
        this.choices = choices;
    }

    /** What was chosen; written while it is made, by one thread, and never after. */
    private static final class Choices {
        private @Nullable String name;
        private @Nullable Duration timeout;
        private boolean inline;
        private @Nullable Executor executor;
        private @Nullable RetryPolicy retry;
        private int concurrency = Integer.MAX_VALUE;
        private int queue = DEFAULT_QUEUE;
        private Overflow overflow = Overflow.WAIT;
        private boolean ordered;
        private boolean once;
        private boolean durable;
        private @Nullable Predicate<? super Event<?>> onlyIf;

        Choices copy() {
            Choices copy = new Choices();
            copy.name = name;
            copy.timeout = timeout;
            copy.inline = inline;
            copy.executor = executor;
            copy.retry = retry;
            copy.concurrency = concurrency;
            copy.queue = queue;
            copy.overflow = overflow;
            copy.ordered = ordered;
            copy.once = once;
            copy.durable = durable;
            copy.onlyIf = onlyIf;
            return copy;
        }
    }

    private ListenerOptions with(Consumer<Choices> choice) {
        Choices copy = choices.copy();
        choice.accept(copy);
        if (copy.inline && copy.executor != null) {
            throw new IllegalArgumentException("a listener cannot have an executor and be inline: " + copy.executor);
        }
        if (copy.durable && (copy.inline || copy.once)) {
            throw new IllegalArgumentException("a durable listener cannot be " + (copy.inline ? "inline" : "once")
                    + ": it runs when the journal says, in whatever process there is");
        }
        return new ListenerOptions(copy);
    }

    /** No name, the coordinator's time-out and executor, one attempt, no limit of its own. */
    public static ListenerOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The defaults and a name, which becomes the listener's id. A listener without one is called after its event.
     *
     * @throws IllegalArgumentException if the name is empty, longer than 255 characters or has control characters
     */
    public static ListenerOptions named(String name) {
        String checked = Check.name("listener name", name);
        return DEFAULTS.with(choices -> choices.name = checked);
    }

    /**
     * Ends an attempt when the listener has not completed so long after its start. Without a retry policy that times the
     * delivery out.
     *
     * @throws IllegalArgumentException if the duration is zero or negative
     */
    public ListenerOptions timeout(Duration timeout) {
        Check.positive("timeout", timeout);
        return with(choices -> choices.timeout = timeout);
    }

    /**
     * Tries again when the listener fails, as the policy says; a delivery that is out of attempts becomes a dead letter.
     * Between two attempts it keeps its place: no other delivery of its key overtakes it, and it counts as in flight. An
     * attempt after the first runs on the executor, also where the listener is inline. Name a listener that retries: a dead
     * letter goes back to who has its id, and those that are given are used again.
     */
    public ListenerOptions retry(RetryPolicy retry) {
        Check.present("retry policy", retry);
        return with(choices -> choices.retry = retry);
    }

    /**
     * Runs at most so many deliveries of this listener at a time; the others wait in its queue. A delivery that a
     * publication made inside of this listener brings back to it does not wait for the one that it was made in.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    public ListenerOptions concurrency(int concurrency) {
        Check.positive("concurrency", concurrency);
        return with(choices -> choices.concurrency = concurrency);
    }

    /**
     * How many deliveries may wait for this listener, and what a publisher meets when so many do. It matters where
     * {@link #concurrency} or {@link #ordered} makes them wait. Default: {@value #DEFAULT_QUEUE}, and it waits. A
     * publication that is made inside a listener does not wait: where the policy is to, its deliveries pass the bound.
     *
     * @throws IllegalArgumentException if the capacity is negative
     */
    public ListenerOptions queue(int capacity, Overflow overflow) {
        if (capacity < 0) {
            throw new IllegalArgumentException("queue capacity must not be negative: " + capacity);
        }
        Check.present("overflow", overflow);
        return with(choices -> {
            choices.queue = capacity;
            choices.overflow = overflow;
        });
    }

    /**
     * Runs deliveries with the same key one after another, in the order of their publication; those with different keys
     * run concurrently. Events without a key are ordered among themselves. A delivery has ended when the method has returned
     * and its stage has completed, be it by our cancelling it at a time-out.
     */
    public ListenerOptions ordered() {
        return with(choices -> choices.ordered = true);
    }

    /** Runs the listener for one event only: the first that gets to it, also where several are published at a time. */
    public ListenerOptions once() {
        return with(choices -> choices.once = true);
    }

    /**
     * Runs the listener on the publisher's thread, before {@code publishEvent} returns. For listeners that never block;
     * it is never interrupted. One that has to wait, for its turn or another attempt, goes to the executor.
     *
     * @throws IllegalArgumentException if an executor was given
     */
    public ListenerOptions inline() {
        return with(choices -> choices.inline = true);
    }

    /**
     * Runs the listener on this executor instead of the coordinator's. It is the caller's: it is never shut down here.
     *
     * @throws IllegalArgumentException if the listener is inline
     */
    public ListenerOptions executor(Executor executor) {
        Check.present("executor", executor);
        return with(choices -> choices.executor = executor);
    }

    /**
     * Skips events for which the predicate is false. It is called on the publisher's thread for each publication, and so
     * to be quick; where it throws, the delivery fails. That of a durable listener is called for each attempt, on a thread of
     * the coordinator's.
     */
    public ListenerOptions onlyIf(Predicate<? super Event<?>> onlyIf) {
        Check.present("predicate", onlyIf);
        return with(choices -> choices.onlyIf = onlyIf);
    }

    /**
     * Keeps deliveries to this listener in the coordinator's journal until they are done, so that they survive a crash and
     * may run in any process that has the listener. It needs a name, which is its own alone. The journal is its queue, of
     * which {@link #queue} says nothing; without a retry policy of its own, it has {@link #DURABLE_RETRY}.
     *
     * @throws IllegalArgumentException if the listener is inline, or runs once
     */
    public ListenerOptions durable() {
        return with(choices -> choices.durable = true);
    }

    /** The listener's name, if it was given one. */
    public Optional<String> name() {
        return Optional.ofNullable(choices.name);
    }

    /** The listener's time-out, if it was given one. */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(choices.timeout);
    }

    /** The listener's retry policy, its own or the default. */
    public RetryPolicy retry() {
        RetryPolicy own = choices.retry;
        return own != null ? own : choices.durable ? DURABLE_RETRY : RetryPolicy.none();
    }

    /** How many deliveries may run at a time; {@link Integer#MAX_VALUE} where there is no limit. */
    public int concurrency() {
        return choices.concurrency;
    }

    /** How many deliveries may wait. */
    public int queueCapacity() {
        return choices.queue;
    }

    /** What a publisher meets when the queue is full. */
    public Overflow overflow() {
        return choices.overflow;
    }

    /** Whether deliveries with the same key run one after another. */
    public boolean isOrdered() {
        return choices.ordered;
    }

    /** Whether the listener runs for one event only. */
    public boolean isOnce() {
        return choices.once;
    }

    /** Whether the listener runs on the publisher's thread. */
    public boolean isInline() {
        return choices.inline;
    }

    /** Whether deliveries are kept in a journal. */
    public boolean isDurable() {
        return choices.durable;
    }

    /** The listener's executor, if it was given one. */
    public Optional<Executor> executor() {
        return Optional.ofNullable(choices.executor);
    }

    /** Which events the listener wants, if it does not want all. */
    public Optional<Predicate<? super Event<?>>> onlyIf() {
        return Optional.ofNullable(choices.onlyIf);
    }
}
