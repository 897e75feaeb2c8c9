package dev.convoke.internal.resolve;

import dev.convoke.event.EventType;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.ListenerOptions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Event name → listeners; a name is there while it has one.
 *
 * <p>Thread-safe. No code of a user's runs under a lock.
 */
public final class ListenerRegistry {
    private final ConcurrentHashMap<String, Topic> topics = new ConcurrentHashMap<>();

    /**
     * Appends a listener to its event.
     *
     * @throws IllegalArgumentException if the name is bound to another payload type, or a blocking listener is inline
     */
    // A listener is only ever called with payloads of its event's type: they are checked when published.
    @SuppressWarnings("unchecked")
    public <E> Registration append(
            EventType<E> type,
            AsyncListener<? super E> listener,
            ListenerOptions options,
            @Nullable Duration defaultTimeout) {
        refuseBlockingInline(type, listener, options);
        Duration timeout = options.timeout().orElse(defaultTimeout);
        while (true) {
            Topic topic = topics.computeIfAbsent(type.name(), name -> new Topic(this, type));
            requireSameType(topic.type(), type);
            Registration registration = topic.append((AsyncListener<Object>) listener, options, timeout);
            if (registration != null) {
                return registration;
            }
            release(topic); // rather than to wait for whoever left last to do it
        }
    }

    private static void refuseBlockingInline(EventType<?> type, AsyncListener<?> listener, ListenerOptions options) {
        if (options.isInline() && listener.isBlocking()) {
            throw new IllegalArgumentException("listener " + options.name().orElse("") + " of event " + type.name()
                    + " blocks and cannot be inline: drop inline(), or subscribe one that returns a stage");
        }
    }

    private static void requireSameType(EventType<?> bound, EventType<?> asked) {
        if (!bound.payloadType().equals(asked.payloadType())) {
            throw new IllegalArgumentException("event " + bound.name() + " has the payload type "
                    + bound.payloadType().getTypeName() + " while it has listeners, not "
                    + asked.payloadType().getTypeName());
        }
    }

    void release(Topic topic) {
        topics.remove(topic.type().name(), topic);
    }

    /**
     * The listeners of an event as they are now.
     *
     * @throws IllegalArgumentException if the name is bound to another payload type
     */
    public Roster roster(EventType<?> type) {
        Topic topic = topics.get(type.name());
        if (topic == null) {
            return Roster.EMPTY;
        }
        if (topic.type() != type) {
            requireSameType(topic.type(), type);
        }
        return topic.roster();
    }

    /** The type that a name is bound to, or null where nobody listens. */
    public @Nullable EventType<?> boundType(String eventName) {
        Topic topic = topics.get(eventName);
        return topic == null ? null : topic.type();
    }

    /** The listeners of an event in subscription order. */
    public List<ListenerInfo> listeners(String eventName) {
        Topic topic = topics.get(eventName);
        return topic == null ? List.of() : topic.listeners();
    }

    /** Every event that has listeners, by name. */
    public Map<String, List<ListenerInfo>> listeners() {
        Map<String, List<ListenerInfo>> all = new TreeMap<>();
        topics.forEach((name, topic) -> {
            List<ListenerInfo> listeners = topic.listeners();
            if (!listeners.isEmpty()) {
                all.put(name, listeners);
            }
        });
        return Collections.unmodifiableMap(all);
    }
}
