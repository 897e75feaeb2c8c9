package dev.convoke.internal.bind;

import dev.convoke.event.Event;
import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.event.TypeRef;
import dev.convoke.internal.check.Check;
import dev.convoke.listener.EventContext;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.NotAsyncListenerException;
import dev.convoke.listener.OnEvent;
import dev.convoke.listener.RetryPolicy;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One method with {@link OnEvent}: what it listens to and how it is to be run.
 *
 * <p>Thread-safe: immutable.
 */
record ListenerMethod(Method method, OnEvent annotation, Hierarchy hierarchy) {
    /** What a parameter is given. */
    enum Asked {
        PAYLOAD,
        EVENT,
        CONTEXT;

        static Asked by(Class<?> parameter) {
            return parameter == Event.class ? EVENT : parameter == EventContext.class ? CONTEXT : PAYLOAD;
        }
    }

    static ListenerMethod of(Method method, Hierarchy hierarchy) {
        return new ListenerMethod(method, method.getAnnotation(OnEvent.class), hierarchy);
    }

    boolean isBlocking() {
        return annotation.blocking();
    }

    /** Whether it asks for more than the payload. */
    boolean isContextual() {
        return asked().stream().anyMatch(what -> what != Asked.PAYLOAD);
    }

    /**
     * Refuses one that would hold up its caller, or that leaves a stage to nobody.
     *
     * @throws NotAsyncListenerException if it neither returns a stage nor is declared blocking
     * @throws IllegalArgumentException if it does both, or is to be inline as well
     */
    void requireAsync() {
        boolean returnsStage = CompletionStage.class.isAssignableFrom(hierarchy.erase(method.getGenericReturnType()));
        if (!returnsStage && !isBlocking()) {
            throw new NotAsyncListenerException(this + " is not asynchronous, but returns "
                    + method.getReturnType().getTypeName()
                    + ": return a CompletionStage, or declare it with @OnEvent(blocking = true)");
        }
        if (returnsStage && isBlocking()) {
            throw new IllegalArgumentException(this + " is declared blocking and returns a CompletionStage, which "
                    + "nobody would await: drop blocking = true, or return the value");
        }
        if (isBlocking() && annotation.inline()) {
            throw new IllegalArgumentException(this + " blocks and cannot be inline: drop one of the two");
        }
    }

    /**
     * What the parameters are given, in order.
     *
     * @throws IllegalArgumentException if there are others than a payload or an event, and then a context
     */
    List<Asked> asked() {
        List<Asked> asked = Stream.of(method.getParameterTypes()).map(Asked::by).toList();
        boolean fits = asked.size() < 2
                || (asked.size() == 2 && asked.get(0) != Asked.CONTEXT && asked.get(1) == Asked.CONTEXT);
        if (!fits) {
            throw new IllegalArgumentException(
                    this + " must take a payload or an Event, then an EventContext, or some of that");
        }
        return asked;
    }

    /**
     * The event, with the payload type that the parameters name; null where it listens to a pattern.
     *
     * @throws IllegalArgumentException if the name is not valid or the type not known, or if a method that takes a payload
     *     listens to a pattern
     */
    // Payloads are compared with the type when published.
    @SuppressWarnings("unchecked")
    @Nullable EventType<Object> eventType() {
        if (event().contains("*")) {
            requireNoPayload();
            return null;
        }
        Type payload = payloadType();
        if (hierarchy.isOpen(payload)) {
            throw new IllegalArgumentException(this + " has a payload of no known type: " + payload.getTypeName());
        }
        try {
            return (EventType<Object>) EventType.of(event(), TypeRef.of(payload));
        } catch (IllegalArgumentException e) {
            throw refused(e);
        }
    }

    /** The event's name, or a pattern. */
    String event() {
        return annotation.value();
    }

    private void requireNoPayload() {
        if (asked().contains(Asked.PAYLOAD)) {
            throw new IllegalArgumentException(this + " listens to the pattern " + event()
                    + ", whose events may have any payload: take an Event<?> or an EventContext");
        }
    }

    private Type payloadType() {
        List<Asked> asked = asked();
        if (asked.isEmpty() || asked.get(0) == Asked.CONTEXT) {
            return EventArguments.class;
        }
        Type first = hierarchy.resolve(method.getGenericParameterTypes()[0]);
        return asked.get(0) == Asked.PAYLOAD ? first : payloadOf(first);
    }

    /** An {@code Event}, or an {@code Event<?>}, names no payload type. */
    private Type payloadOf(Type event) {
        if (!(event instanceof ParameterizedType generic)) {
            return EventArguments.class;
        }
        Type payload = hierarchy.resolve(generic.getActualTypeArguments()[0]);
        boolean isAny = payload instanceof WildcardType wildcard
                && wildcard.getLowerBounds().length == 0
                && wildcard.getUpperBounds()[0] == Object.class;
        return isAny ? EventArguments.class : payload;
    }

    /**
     * How it is to be run.
     *
     * @throws IllegalArgumentException if a value of the annotation is not valid
     */
    ListenerOptions options() {
        try {
            ListenerOptions options =
                    annotation.id().isEmpty() ? ListenerOptions.defaults() : ListenerOptions.named(annotation.id());
            return withFlags(withNumbers(options));
        } catch (IllegalArgumentException e) {
            throw refused(e);
        }
    }

    private ListenerOptions withNumbers(ListenerOptions options) {
        ListenerOptions with = options;
        if (annotation.concurrency() != 0) {
            with = with.concurrency(annotation.concurrency());
        }
        if (Check.positive("attempts", annotation.attempts()) > 1) {
            with = with.retry(RetryPolicy.exponential(annotation.attempts()));
        }
        return annotation.timeout().isEmpty() ? with : with.timeout(timeout());
    }

    private ListenerOptions withFlags(ListenerOptions options) {
        ListenerOptions with = annotation.inline() ? options.inline() : options;
        with = annotation.ordered() ? with.ordered() : with;
        with = annotation.once() ? with.once() : with;
        return annotation.durable() ? with.durable() : with;
    }

    private Duration timeout() {
        try {
            return Duration.parse(annotation.timeout());
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("timeout must be in ISO-8601, as PT2S: " + annotation.timeout(), e);
        }
    }

    private IllegalArgumentException refused(IllegalArgumentException why) {
        return new IllegalArgumentException(this + " is refused: " + why.getMessage(), why);
    }

    /** As in {@code com.acme.Mailer.welcome(OrderPlaced)}. */
    @Override
    public String toString() {
        return Stream.of(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(
                        ", ", method.getDeclaringClass().getTypeName() + "." + method.getName() + "(", ")"));
    }
}
