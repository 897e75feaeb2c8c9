package dev.convoke;

import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.internal.bind.Binding;
import dev.convoke.internal.check.Check;
import dev.convoke.internal.dispatch.Dispatcher;
import dev.convoke.internal.dispatch.Journaling;
import dev.convoke.internal.resolve.ListenerRegistry;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Subscription;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts listeners into a coordinator's table while it is open. Thread-safe: it has no state of its own.
 *
 * @param durable null where the coordinator has no journal
 */
record Subscribing(
        ListenerRegistry registry,
        Dispatcher dispatcher,
        Lifecycle lifecycle,
        @Nullable DurableSubscribing durable,
        @Nullable Duration defaultTimeout) {
    static Subscribing of(
            ListenerRegistry registry, Dispatcher dispatcher, Lifecycle lifecycle, @Nullable Duration defaultTimeout) {
        Journaling journaling = dispatcher.journaling();
        DurableSubscribing durable = journaling == null ? null : new DurableSubscribing(journaling, lifecycle);
        return new Subscribing(registry, dispatcher, lifecycle, durable, defaultTimeout);
    }

    <E> Subscription toEvent(EventType<E> type, AsyncListener<? super E> listener, ListenerOptions options) {
        requireOpen(Check.present("event type", type).name(), options);
        return subscription(registry.append(type, listener, options, defaultTimeout), listener, type);
    }

    Subscription toPattern(String pattern, AsyncListener<? super Event<?>> listener, ListenerOptions options) {
        requireOpen(Check.present("pattern", pattern), options);
        return subscription(registry.appendToPattern(pattern, listener, options, defaultTimeout), listener, null);
    }

    <E> Subscription toPayload(Class<E> type, AsyncListener<? super E> listener, ListenerOptions options) {
        requireOpen(Check.present("payload type", type).getTypeName(), options);
        if (options.isDurable()) {
            throw new IllegalArgumentException("a durable listener cannot be subscribed to payloads, as to "
                    + type.getTypeName() + ": a journal keeps names of events, never of classes");
        }
        return subscription(registry.appendToPayload(type, listener, options, defaultTimeout), listener, null);
    }

    /** All of them or none. */
    Subscription toAll(List<Binding> bindings) {
        return CompositeSubscription.of(bindings, this::to);
    }

    private Subscription to(Binding one) {
        EventType<Object> type = one.type();
        return type == null
                ? toPattern(one.event(), one.listener(), one.options())
                : toEvent(type, one.listener(), one.options());
    }

    private Subscription subscription(
            Registration registration, AsyncListener<?> listener, @Nullable EventType<?> type) {
        return registration.isDurable() && durable != null
                ? durable.subscribe(registration, listener, type)
                : new CoordinatorSubscription(registration, dispatcher);
    }

    private void requireOpen(String subscribedTo, ListenerOptions options) {
        if (Check.present("options", options).isDurable()) {
            requireJournal(subscribedTo, options);
        }
        if (!lifecycle.isOpen()) {
            throw new IllegalStateException("the coordinator is closed: nobody can listen to " + subscribedTo);
        }
    }

    private void requireJournal(String subscribedTo, ListenerOptions options) {
        if (durable == null) {
            throw new IllegalStateException(
                    "a durable listener of " + subscribedTo + " needs a journal, and this coordinator has none");
        }
        if (options.name().isEmpty()) {
            throw new IllegalArgumentException("a durable listener of " + subscribedTo
                    + " needs a name, under which its deliveries are kept: ListenerOptions.named(…).durable()");
        }
    }
}
