package dev.convoke;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.DrainReport;
import dev.convoke.event.Event;
import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.event.UnobservedFailure;
import dev.convoke.internal.bind.AnnotatedListeners;
import dev.convoke.internal.check.Check;
import dev.convoke.internal.dispatch.DirectWalk;
import dev.convoke.internal.dispatch.Dispatcher;
import dev.convoke.internal.dispatch.LivePublication;
import dev.convoke.internal.resolve.ListenerRegistry;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.OnEvent;
import dev.convoke.listener.Overflow;
import dev.convoke.listener.Subscription;
import dev.convoke.spi.ContextCarrier;
import dev.convoke.spi.CoordinatorObserver;
import dev.convoke.spi.EventJournal;
import dev.convoke.spi.Ticker;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a table of event names and their asynchronous listeners; a published event is handed to all of its listeners
 * concurrently, and the publisher can await one outcome with a result for each.
 *
 * <pre>{@code
 * try (var coordinator = new AsyncEventCoordinator()) {
 *     coordinator.subscribeToEvent("user.signed-up", arguments -> mailer.welcome(arguments.get(0, String.class)));
 *     coordinator.publishEvent("user.signed-up", "ada@example.org").gather().join();
 * }
 * }</pre>
 *
 * <p>Thread-safe. Its threads are daemons; they end when it is closed.
 */
public final class AsyncEventCoordinator implements AutoCloseable {
    private final ListenerRegistry registry = new ListenerRegistry();
    private final Dispatcher dispatcher;
    private final DirectWalk directWalk;
    private final DeadLetters deadLetters;
    private final Lifecycle lifecycle;
    private final Subscribing subscribing;

    /** A coordinator with the defaults of {@link Builder}. */
    public AsyncEventCoordinator() {
        this(builder());
    }

    private AsyncEventCoordinator(Builder builder) {
        this.dispatcher = new Dispatcher(builder.choices.settings());
        this.directWalk = new DirectWalk(registry, dispatcher);
        this.lifecycle = new Lifecycle(dispatcher, builder.choices.drainTimeout);
        this.subscribing = Subscribing.of(registry, dispatcher, lifecycle, builder.choices.defaultTimeout);
        this.deadLetters = new CoordinatorDeadLetters(registry, dispatcher);
        if (builder.choices.journal != null) {
            builder.choices.journal.start(); // last: nothing that fails here leaves its threads behind
        }
    }

    /** For a coordinator with settings of its own. */
    public static Builder builder() {
        return new Builder();
    }

    // ---- positional and named arguments ----

    /**
     * Appends a listener to the event, which needs no declaration.
     *
     * @throws IllegalArgumentException if the name is empty, longer than 255 characters or has control characters, or is
     *     bound to another payload type by a listener that it has
     * @throws IllegalStateException if the coordinator is closed
     */
    public Subscription subscribeToEvent(String eventName, AsyncListener<? super EventArguments> listener) {
        return subscribeToEvent(eventName, listener, ListenerOptions.defaults());
    }

    /**
     * Appends a listener to the event, to be run as the options say.
     *
     * @throws IllegalArgumentException as the method without options does, or if a blocking listener is to be inline
     * @throws IllegalStateException if the coordinator is closed
     */
    public Subscription subscribeToEvent(
            String eventName, AsyncListener<? super EventArguments> listener, ListenerOptions options) {
        return subscribeToEvent(registry.argumentsType(eventName), listener, options);
    }

    /**
     * Publishes an event to all its listeners, with positional arguments.
     *
     * @throws IllegalArgumentException if the name is not valid, or is bound to another payload type; or if an argument is
     *     a {@link PublishOptions} or an {@link EventArguments}, which was meant for another overload
     */
    public Publication<EventArguments> publishEvent(String eventName, @Nullable Object... positional) {
        PublishOptions.refuseAmong(eventName, positional);
        return publishEvent(eventName, EventArguments.of(positional));
    }

    /**
     * Publishes an event to all its listeners, with positional and named arguments.
     *
     * @throws IllegalArgumentException if the name is not valid, or is bound to another payload type
     */
    public Publication<EventArguments> publishEvent(String eventName, EventArguments arguments) {
        return publishEvent(registry.argumentsType(eventName), arguments);
    }

    /**
     * Publishes an event to all its listeners, with positional and named arguments and with options.
     *
     * @throws IllegalArgumentException if the name is not valid, or is bound to another payload type
     */
    public Publication<EventArguments> publishEvent(
            String eventName, EventArguments arguments, PublishOptions options) {
        return publishEvent(registry.argumentsType(eventName), arguments, options);
    }

    // ---- typed ----

    /**
     * Appends a listener to the event.
     *
     * @throws IllegalArgumentException if the name is bound to another payload type by a listener that it has
     * @throws IllegalStateException if the coordinator is closed
     */
    public <E> Subscription subscribeToEvent(EventType<E> type, AsyncListener<? super E> listener) {
        return subscribeToEvent(type, listener, ListenerOptions.defaults());
    }

    /**
     * Appends a listener to the event, to be run as the options say.
     *
     * @throws IllegalArgumentException if the name is bound to another payload type by a listener that it has, or if a
     *     blocking listener is to be inline
     * @throws IllegalStateException if the coordinator is closed, or if the listener is durable and it has no journal
     */
    public <E> Subscription subscribeToEvent(
            EventType<E> type, AsyncListener<? super E> listener, ListenerOptions options) {
        return subscribing.toEvent(type, listener, options);
    }

    /**
     * Publishes an event to all its listeners.
     *
     * <p>It throws for wrong arguments alone. What a listener throws is in the outcome, as is a refusal.
     *
     * @throws NullPointerException if the payload is null
     * @throws IllegalArgumentException if the name is bound to another payload type by a listener that it has, if the
     *     payload is not of the event's type, or if the type's key function fails
     */
    @SuppressWarnings("unchecked") // a publication is of what was published
    public <E> Publication<E> publishEvent(EventType<E> type, E payload) {
        Object walked = directWalk.publish(Check.present("event type", type), payload);
        return walked instanceof LivePublication<?>
                ? new CoordinatorPublication<>((LivePublication<E>) walked)
                : new FinishedPublication<>(dispatcher, type, payload, walked);
    }

    /**
     * Publishes an event to all its listeners, with options.
     *
     * @throws NullPointerException if the payload is null
     * @throws IllegalArgumentException as the method without options does
     */
    public <E> Publication<E> publishEvent(EventType<E> type, E payload, PublishOptions options) {
        var roster = registry.roster(Check.present("event type", type), payload);
        var envelope = Check.present("options", options).envelope();
        return new CoordinatorPublication<>(dispatcher.publish(type, payload, roster, envelope));
    }

    // ---- many events at once ----

    /** Appends a listener to all events whose names match the pattern, with default options. */
    public Subscription subscribeToEvents(String pattern, AsyncListener<? super Event<?>> listener) {
        return subscribeToEvents(pattern, listener, ListenerOptions.defaults());
    }

    /**
     * Appends a listener to all events whose names match the pattern, whatever their payloads. Names are segments with a
     * {@code .} between them; {@code *} stands for one segment, {@code **} for any number of them, none included.
     *
     * @throws IllegalArgumentException if the pattern is not valid as a name, if a wildcard is but a part of a segment, or
     *     if a blocking listener is to be inline
     * @throws IllegalStateException if the coordinator is closed
     */
    public Subscription subscribeToEvents(
            String pattern, AsyncListener<? super Event<?>> listener, ListenerOptions options) {
        return subscribing.toPattern(pattern, listener, options);
    }

    /** Appends a listener to all events with such a payload, with default options. */
    public <E> Subscription subscribeToPayload(Class<E> payloadType, AsyncListener<? super E> listener) {
        return subscribeToPayload(payloadType, listener, ListenerOptions.defaults());
    }

    /**
     * Appends a listener to all events whose payload is an instance of the class or interface, whatever their names; a
     * primitive class stands for its box.
     *
     * @throws IllegalArgumentException if a blocking listener is to be inline
     * @throws IllegalStateException if the coordinator is closed
     */
    public <E> Subscription subscribeToPayload(
            Class<E> payloadType, AsyncListener<? super E> listener, ListenerOptions options) {
        return subscribing.toPayload(payloadType, listener, options);
    }

    // ---- annotated ----

    /**
     * Subscribes all methods of the object that have {@link OnEvent}, or none where one is refused: those of interfaces
     * first, then those of classes from the superclass down, each by name and parameter types.
     *
     * @throws dev.convoke.listener.NotAsyncListenerException if one neither returns a stage nor is declared blocking
     * @throws IllegalArgumentException if there is none, one is not as the annotation says or not accessible, or its event
     *     is bound to another payload type
     * @throws IllegalStateException if the coordinator is closed
     */
    public Subscription subscribeAnnotated(Object listeners) {
        return subscribing.toAll(AnnotatedListeners.bind(listeners));
    }

    /** Like the method without a lookup, for an object of a module that is not open to this one but gives its lookup. */
    public Subscription subscribeAnnotated(Object listeners, MethodHandles.Lookup lookup) {
        return subscribing.toAll(AnnotatedListeners.bind(listeners, lookup));
    }

    // ---- looking and closing ----

    /** The latest deliveries that ran out of attempts; listed, tried again, or discarded. */
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    /** Event name, pattern or payload's class → its listeners in subscription order, where it has any; a snapshot. */
    public Map<String, List<ListenerInfo>> listeners() {
        return registry.listeners();
    }

    /** One row of {@link #listeners()}; empty for what has none. */
    public List<ListenerInfo> listeners(String eventName) {
        return registry.listeners(Check.present("event name", eventName));
    }

    /**
     * Refuses new publications, waits for unfinished deliveries, cancels what is left at the time-out, and reports. Called
     * inside a listener, it waits neither for that one nor for those around it. A second call waits for the first one; one
     * that the first waits for itself, as inside a listener, returns at once, with an empty report.
     *
     * <p>Interrupting the thread ends the wait as the time-out does.
     *
     * @throws IllegalArgumentException if the time-out is negative
     */
    public DrainReport close(Duration timeout) {
        return lifecycle.close(Check.notNegative("timeout", timeout));
    }

    /** Closes with the drain time-out that the coordinator was built with; logs a warning where something was lost. */
    @Override
    public void close() {
        lifecycle.close();
    }

    /**
     * Gathers what a coordinator is built with; every method validates its argument at once.
     *
     * <p>Confined to one thread. It may build several coordinators.
     */
    public static final class Builder {
        private final Choices choices = new Choices();

        private Builder() {}

        /**
         * Where listeners run that are not inline and have no executor of their own. It is the caller's: it is never shut
         * down here. Default: a virtual thread for each delivery on Java 21 and newer, an elastic pool before.
         */
        public Builder executor(Executor executor) {
            choices.executor = Check.present("executor", executor);
            return this;
        }

        /**
         * The time-out of listeners that have none of their own. Default: none.
         *
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder defaultTimeout(Duration defaultTimeout) {
            choices.defaultTimeout = Check.positive("default timeout", defaultTimeout);
            return this;
        }

        /**
         * How many deliveries may be in flight before publishers meet the {@link #overflow} policy. Deliveries that are
         * inline and complete at once do not count; one publication may overrun the bound by its own size; publications
         * that are made inside a listener pass. Default: 10,000 on virtual threads, 512 otherwise.
         *
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder maxInFlight(int maxInFlight) {
            choices.maxInFlight = Check.positive("max in flight", maxInFlight);
            return this;
        }

        /**
         * What a publisher meets when too many deliveries are in flight. Default: {@link Overflow#WAIT}.
         *
         * @throws IllegalArgumentException if it is {@link Overflow#DROP_OLDEST}: what is in flight does not wait
         */
        public Builder overflow(Overflow overflow) {
            choices.overflow = Check.present("overflow", overflow);
            if (overflow == Overflow.DROP_OLDEST) {
                throw new IllegalArgumentException("overflow must not be DROP_OLDEST: what is in flight is running");
            }
            return this;
        }

        /**
         * How long a publisher waits at most, for room in flight or in a listener's queue, where its deadline leaves it as
         * long. It is finite as the publisher may be the one whom the others wait for. Default: 30 seconds.
         *
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder longestWait(Duration longestWait) {
            choices.longestWait = Check.positive("longest wait", longestWait);
            return this;
        }

        /**
         * Is given each failure that nobody looked at in time, once, on a thread of the coordinator's. Default: a warning
         * in the system logger {@code dev.convoke}.
         */
        public Builder onUnobservedFailure(Consumer<? super UnobservedFailure> handler) {
            choices.onUnobservedFailure = Check.present("handler of unobserved failures", handler);
            return this;
        }

        /**
         * For how long a failure waits for somebody to look at it. Default: one second.
         *
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder unobservedAfter(Duration unobservedAfter) {
            choices.unobservedAfter = Check.positive("unobserved after", unobservedAfter);
            return this;
        }

        /**
         * Calls the handler with each delivery of a retrying listener that has no attempts left, before the outcome completes.
         * The call is on the thread that settles the delivery, so return quickly. For a durable listener, the handler is called
         * with each delivery that died in this process, after the commit, on a thread of the coordinator's. Default: no handler;
         * see {@link #deadLetters()}.
         */
        public Builder onDeadLetter(Consumer<? super DeadLetter> handler) {
            choices.onDeadLetter = Check.present("handler of dead letters", handler);
            return this;
        }

        /**
         * How many dead letters are kept; each further one drops the oldest. Default: 1,000.
         *
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder deadLetterCapacity(int deadLetterCapacity) {
            choices.deadLetterCapacity = Check.positive("dead letter capacity", deadLetterCapacity);
            return this;
        }

        /** Carries something from the publisher's thread to each listener's; may be given several times. */
        public Builder contextCarrier(ContextCarrier carrier) {
            choices.carriers.add(Check.present("context carrier", carrier));
            return this;
        }

        /**
         * Where time-outs, further attempts, reports and whatever else must not hold anybody up are run. It is the
         * caller's; it must take what it is given and run it soon, whatever listeners do. Default: a pool of the
         * coordinator's own. A test gives one that it controls.
         */
        public Builder background(Executor background) {
            choices.background = Check.present("background executor", background);
            return this;
        }

        /** Is told what happens; may be given several times. */
        public Builder observer(CoordinatorObserver observer) {
            choices.observers.add(Check.present("observer", observer));
            return this;
        }

        /** The clock. Default: the system's. */
        public Builder ticker(Ticker ticker) {
            choices.ticker = Check.present("ticker", ticker);
            return this;
        }

        /**
         * Where deliveries to {@linkplain ListenerOptions#durable() durable} listeners are kept. One journal serves one
         * coordinator, which closes it with itself. With one, every publication takes the way that asks it. Default: none.
         */
        public Builder journal(EventJournal journal) {
            choices.journal = Check.present("journal", journal);
            return this;
        }

        /**
         * How long {@link AsyncEventCoordinator#close()} waits for unfinished deliveries. Default: 10 seconds.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder drainTimeout(Duration drainTimeout) {
            choices.drainTimeout = Check.notNegative("drain timeout", drainTimeout);
            return this;
        }

        /**
         * From what time on a delivery that is still running is reported as slow, once, to the log and to observers.
         * Default: 30 seconds, for deliveries on an executor alone; setting it watches inline ones, too, which costs each
         * of them two readings of the clock and a place in a list.
         *
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder slowAfter(Duration slowAfter) {
            choices.slowAfter = Check.positive("slow after", slowAfter);
            choices.watchInline = true;
            return this;
        }

        /**
         * Whether closing knows of inline deliveries that other threads are in the middle of, and waits for them. Default:
         * no, which spares each publication a place in a list.
         */
        public Builder trackInline(boolean trackInline) {
            choices.trackInline = trackInline;
            return this;
        }

        /** Whether inline deliveries that complete at once are timed. Default: no, unless there is an observer. */
        public Builder timing(boolean timing) {
            choices.timing = timing;
            return this;
        }

        /**
         * How long a chain of publications may be, each made inside a listener of the one before, until the next one is
         * refused as {@link dev.convoke.event.Refusal#TOO_DEEP}. Default: 100,000.
         *
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder maxDepth(int maxDepth) {
            choices.maxDepth = Check.positive("max depth", maxDepth);
            return this;
        }

        /** A coordinator with these settings. */
        public AsyncEventCoordinator build() {
            return new AsyncEventCoordinator(this);
        }
    }
}
