package dev.convoke;

import dev.convoke.event.Event;
import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.internal.check.Check;
import dev.convoke.internal.dispatch.Envelope;
import dev.convoke.internal.dispatch.Envelope.Order;
import dev.convoke.internal.dispatch.Invocation;
import dev.convoke.listener.EventContext;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher may say about one publication: {@code PublishOptions.defaults().key("c-42").deadline(ofSeconds(2))}.
 *
 * <p>Thread-safe: immutable; each method returns other options.
 */
public final class PublishOptions {
    private static final PublishOptions DEFAULTS = new PublishOptions(Envelope.EMPTY);

    private final Envelope envelope;

    private PublishOptions(Envelope envelope) {
        this.envelope = envelope;
    }

    /** An id of the coordinator's, no key but the event type's, no deadline but one that is inherited. */
    public static PublishOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The event's id, unique within its source.
     *
     * @throws IllegalArgumentException if it is empty, longer than 255 characters or has control characters
     */
    public PublishOptions id(String id) {
        Check.name("event id", id);
        return with(id, envelope.key(), envelope.source(), envelope.attributes());
    }

    /** The event's key, instead of the one that its type makes of the payload. */
    public PublishOptions key(String key) {
        Check.present("key", key);
        return with(envelope.id(), key, envelope.source(), envelope.attributes());
    }

    /** Where the event comes from; {@code /convoke} where nothing is said. */
    public PublishOptions source(URI source) {
        Check.present("source", source);
        return with(envelope.id(), envelope.key(), source, envelope.attributes());
    }

    /**
     * An attribute of the event's, beside those that were given before.
     *
     * @throws IllegalArgumentException if the name is empty, longer than 255 characters or has control characters
     */
    public PublishOptions attribute(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(envelope.attributes());
        more.put(Check.name("attribute name", name), Check.present("attribute value", value));
        return with(envelope.id(), envelope.key(), envelope.source(), more);
    }

    /**
     * How much time the listeners have in all, from the call of {@code publishEvent}; then those that have not completed
     * are timed out. Publications that are made inside of them have no more than what is left. An event that the journal has
     * not committed by then may be stored all the same: {@link Publication#accepted} says so.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    public PublishOptions deadline(Duration deadline) {
        Check.positive("deadline", deadline);
        return new PublishOptions(envelope.within(deadline));
    }

    /**
     * The delivery in which this event is published: its parent, whose deadline it inherits. The coordinator knows it by
     * itself on the thread that calls the listener; a continuation on another thread says it so.
     *
     * @throws IllegalArgumentException if the context is not one that a coordinator gave to a listener
     */
    public PublishOptions causedBy(EventContext context) {
        if (!(Check.present("context", context) instanceof Invocation)) {
            throw new IllegalArgumentException(
                    "causedBy needs the context that a coordinator gave to a listener: " + context);
        }
        return new PublishOptions(new Envelope(
                envelope.id(),
                envelope.key(),
                envelope.source(),
                envelope.attributes(),
                envelope.deadline(),
                context,
                envelope.order()));
    }

    /**
     * Starts the listeners one after another, in subscription order: each when the one before has its result, whatever
     * that is. An inline listener runs on the publisher's thread only while all before it completed there at once.
     */
    public PublishOptions oneByOne() {
        return envelope.order() == Order.CONCURRENT ? ordered(Order.ONE_BY_ONE) : this;
    }

    /** As {@link #oneByOne}, and after a failure the rest is skipped. */
    public PublishOptions stopOnFailure() {
        return ordered(Order.UNTIL_FAILURE);
    }

    private PublishOptions ordered(Order order) {
        return new PublishOptions(envelope.startedBy(order));
    }

    private PublishOptions with(
            @Nullable String id, @Nullable String key, @Nullable URI source, Map<String, String> attributes) {
        return new PublishOptions(
                new Envelope(id, key, source, attributes, envelope.deadline(), envelope.causedBy(), envelope.order()));
    }

    /** Refuses what was meant for another overload than the one with positional arguments alone. */
    static void refuseAmong(String eventName, @Nullable Object... positional) {
        for (Object argument : Check.present("positional arguments", positional)) {
            if (argument instanceof PublishOptions || argument instanceof EventArguments) {
                throw new IllegalArgumentException("event " + eventName + " was given a "
                        + argument.getClass().getSimpleName()
                        + " among its positional arguments: call publishEvent(name, EventArguments, PublishOptions)");
            }
        }
    }

    /**
     * The event that these options make of a payload, for who publishes it otherwise than by a coordinator; its id is a random
     * UUID where none was said.
     *
     * @throws IllegalArgumentException if the payload is not of the type, or the type's key function fails
     */
    public <E> Event<E> event(EventType<E> type, E payload) {
        if (!Check.present("event type", type).rawType().isInstance(Check.present("payload", payload))) {
            throw new IllegalArgumentException("the payload of event " + type.name() + " must be of type "
                    + type.rawType().getTypeName() + ", but is "
                    + payload.getClass().getTypeName());
        }
        String id = envelope.id() == null ? UUID.randomUUID().toString() : envelope.id();
        EventContext cause = envelope.causedBy();
        return new Event<>(
                id,
                type,
                payload,
                envelope.keyOf(type, payload),
                envelope.sourceOrDefault(),
                Instant.now(),
                envelope.attributes(),
                cause == null ? null : cause.event().id());
    }

    Envelope envelope() {
        return envelope;
    }
}
