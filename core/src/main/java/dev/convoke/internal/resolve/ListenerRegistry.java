package dev.convoke.internal.resolve;

import dev.convoke.event.Event;
import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.internal.check.Check;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.ListenerOptions;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Event name, pattern or payload type → listeners; each is there while it has one. A place is kept for a durable listener
 * that is appended; publications find it when it {@linkplain Registration#enter enters}.
 *
 * <p>Thread-safe. No code of a user's runs under a lock.
 */
public final class ListenerRegistry {
    /*
     * Concurrency
     * -----------
     * A publication's listeners may come from several rows, which are read one after another. They are a snapshot
     * nevertheless: the last place in the order of subscriptions is read first, and what came later is left out. So
     * whoever is in the roster, those that were subscribed before are, too. A row is counted in `wideRows` before a
     * listener is in it, and `wideRows` is read after an event's own row, for the same reason.
     */
    private final Sequence sequence = new Sequence();

    /** Stands for this in bindings, which keep it alive. */
    private final Object identity = new Object();

    private final ConcurrentHashMap<String, Topic> topics = new ConcurrentHashMap<>();
    private final PatternTrie<Row> patterns = new PatternTrie<>();
    private final ConcurrentHashMap<Class<?>, Row> payloadTypes = new ConcurrentHashMap<>();

    /** How many rows there are for patterns and payload types. */
    private final AtomicInteger wideRows = new AtomicInteger();

    private final RowTable topicTable = new RowTable(sequence, row -> topics.remove(row.name(), row));
    private final RowTable patternTable = new RowTable(sequence, row -> uncount(patterns.remove(row.name(), row)));
    private final RowTable payloadTable =
            new RowTable(sequence, row -> uncount(payloadTypes.remove(row.payloadType(), row)));

    // ---- subscribing ----

    /**
     * Appends a listener to its event.
     *
     * @throws IllegalArgumentException if the name is bound to another payload type, or a blocking listener is inline
     */
    public <E> Registration append(
            EventType<E> type,
            AsyncListener<? super E> listener,
            ListenerOptions options,
            @Nullable Duration defaultTimeout) {
        check("event " + type.name(), listener, options);
        return appendTo(() -> topic(type), listener, options, defaultTimeout);
    }

    /**
     * Appends a listener to every event whose name matches the pattern.
     *
     * @throws IllegalArgumentException if the pattern is not valid, or a blocking listener is inline
     */
    public Registration appendToPattern(
            String pattern,
            AsyncListener<? super Event<?>> listener,
            ListenerOptions options,
            @Nullable Duration defaultTimeout) {
        PatternTrie.requireValid(pattern);
        check("events " + pattern, listener, options);
        return appendTo(() -> patternRow(pattern), new EnvelopeListener(listener), options, defaultTimeout);
    }

    /**
     * Appends a listener to every event whose payload is an instance of the class; a primitive class stands for its box.
     *
     * @throws IllegalArgumentException if a blocking listener is inline
     */
    public <E> Registration appendToPayload(
            Class<E> payloadType,
            AsyncListener<? super E> listener,
            ListenerOptions options,
            @Nullable Duration defaultTimeout) {
        Class<?> boxed = TypeLineage.boxed(payloadType);
        check("payloads " + boxed.getTypeName(), listener, options);
        return appendTo(() -> payloadRow(boxed), listener, options, defaultTimeout);
    }

    private static void check(String what, AsyncListener<?> listener, ListenerOptions options) {
        Check.present("listener of " + what, listener);
        Check.present("options", options);
        if (options.isInline() && listener.isBlocking()) {
            throw new IllegalArgumentException("listener " + options.name().orElse("") + " of " + what
                    + " blocks and cannot be inline: drop inline(), or subscribe one that returns a stage");
        }
    }

    // A listener is only ever called with what its row is for: payloads are checked when published.
    @SuppressWarnings("unchecked")
    private static Registration appendTo(
            Supplier<? extends Row> rows,
            AsyncListener<?> listener,
            ListenerOptions options,
            @Nullable Duration defaultTimeout) {
        Duration timeout = options.timeout().orElse(defaultTimeout);
        while (true) {
            Row row = rows.get();
            Registration registration = options.isDurable()
                    ? row.reserve((AsyncListener<Object>) listener, options, timeout)
                    : row.append((AsyncListener<Object>) listener, options, timeout);
            if (registration != null) {
                return registration;
            }
            row.release(); // rather than to wait for whoever left last to do it
        }
    }

    private Topic topic(EventType<?> type) {
        Topic known = topics.get(type.name());
        if (known == null) {
            Row sameName = wideRows.get() == 0 ? null : rowOf(type.name());
            known = topics.computeIfAbsent(type.name(), name -> new Topic(type, topicTable, sameName));
        }
        requireSameType(known.type(), type);
        return known;
    }

    private Row patternRow(String pattern) {
        Row sameName = rowOf(pattern);
        return patterns.computeIfAbsent(pattern, () -> wideRow(pattern, Event.class, patternTable, sameName));
    }

    private Row payloadRow(Class<?> type) {
        Row sameName = rowOf(type.getTypeName());
        return payloadTypes.computeIfAbsent(type, t -> wideRow(t.getTypeName(), t, payloadTable, sameName));
    }

    private Row wideRow(String name, Type payloadType, RowTable table, @Nullable Row sameName) {
        wideRows.incrementAndGet();
        return new WideRow(name, payloadType, table, sameName);
    }

    /** A row of this text, if there is one. */
    private @Nullable Row rowOf(String text) {
        return rowsOf(text).findFirst().orElse(null);
    }

    private Stream<Row> rowsOf(String text) {
        Stream<Row> named = Stream.of(topics.get(text), patterns.get(text)).filter(Objects::nonNull);
        return Stream.concat(
                named, payloadTypes.values().stream().filter(row -> row.name().equals(text)));
    }

    private void uncount(boolean removed) {
        if (removed) {
            wideRows.decrementAndGet();
        }
    }

    private static void requireSameType(EventType<?> bound, EventType<?> asked) {
        if (!bound.payloadType().equals(asked.payloadType())) {
            throw new IllegalArgumentException("event " + bound.name() + " has the payload type "
                    + bound.payloadType().getTypeName() + " while it has listeners, not "
                    + asked.payloadType().getTypeName());
        }
    }

    // ---- publishing ----

    /**
     * The listeners of an event with this payload as they are now.
     *
     * @throws NullPointerException if the payload is null
     * @throws IllegalArgumentException if the payload is not of the type, or the name is bound to another payload type
     */
    public Roster roster(EventType<?> type, @Nullable Object given) {
        return rosterOf(type, requireInstance(type, given));
    }

    /** The same for a payload that is known to be of the type. */
    public Roster rosterOf(EventType<?> type, Object payload) {
        Roster own = ownRoster(type);
        return wideRows.get() == 0 ? own : wideRoster(type, payload);
    }

    /**
     * The listeners of an event with this payload as they are now, as {@link Roster#direct} has them, or null where
     * {@link #rosterOf} has to find them.
     *
     * @throws NullPointerException as {@link #roster} does
     * @throws IllegalArgumentException as {@link #roster} does
     */
    public AsyncListener<Object> @Nullable [] direct(EventType<?> type, @Nullable Object given) {
        requireInstance(type, given);
        AsyncListener<Object>[] own = Binding.direct(type, identity);
        return wideRows.get() == 0 ? own : null;
    }

    private static Object requireInstance(EventType<?> type, @Nullable Object payload) {
        if (!type.rawType().isInstance(payload)) {
            throw misfit(type, payload);
        }
        return payload;
    }

    private static RuntimeException misfit(EventType<?> type, @Nullable Object payload) {
        return payload == null
                ? new NullPointerException("the payload of event " + type.name() + " must not be null")
                : new IllegalArgumentException("the payload of event " + type.name() + " must be of type "
                        + type.rawType().getTypeName() + ", but is "
                        + payload.getClass().getTypeName());
    }

    private Roster ownRoster(EventType<?> type) {
        Topic topic = topics.get(type.name());
        if (topic == null) {
            return Roster.EMPTY;
        }
        if (topic.type() != type) {
            requireSameType(topic.type(), type);
        }
        Roster roster = topic.roster();
        Binding.bind(type, roster, identity);
        return roster;
    }

    private Roster wideRoster(EventType<?> type, Object payload) {
        long last = sequence.last();
        List<Roster> parts = new ArrayList<>();
        Consumer<Roster> add = part -> {
            if (part.size() > 0) {
                parts.add(part);
            }
        };
        add.accept(ownRoster(type));
        patterns.match(type.name(), row -> add.accept(row.roster()));
        for (Class<?> parent : TypeLineage.of(payload.getClass())) {
            Row row = payloadTypes.get(parent);
            if (row != null) {
                add.accept(row.roster());
            }
        }
        return Roster.merge(parts, last);
    }

    /** The type that a name is bound to, or null where it has no listener of its own. */
    public @Nullable EventType<?> boundType(String eventName) {
        Topic topic = topics.get(eventName);
        return topic == null ? null : topic.type();
    }

    /** The type of a string-named event: the one that the name is bound to, if that fits. */
    @SuppressWarnings("unchecked") // the payload type is compared before the cast
    public EventType<EventArguments> argumentsType(String eventName) {
        EventType<?> bound = boundType(Check.present("event name", eventName));
        return bound != null && bound.payloadType() == EventArguments.class
                ? (EventType<EventArguments>) bound
                : EventType.of(eventName, EventArguments.class);
    }

    // ---- looking ----

    /** The listeners that were subscribed to this name, pattern or payload type, in subscription order. */
    public List<ListenerInfo> listeners(String name) {
        return infos(rowsOf(name).toList());
    }

    /** Every name, pattern and payload type that has listeners. */
    public Map<String, List<ListenerInfo>> listeners() {
        Map<String, List<Row>> rows = new TreeMap<>();
        Consumer<Row> add =
                row -> rows.computeIfAbsent(row.name(), n -> new ArrayList<>()).add(row);
        topics.values().forEach(add);
        patterns.forEach(add);
        payloadTypes.values().forEach(add);
        Map<String, List<ListenerInfo>> all = new TreeMap<>();
        rows.forEach((name, same) -> all.put(name, infos(same)));
        all.values().removeIf(List::isEmpty); // its last listener is about to leave, or its first to come
        return Collections.unmodifiableMap(all);
    }

    private static List<ListenerInfo> infos(List<Row> rows) {
        Roster roster = Roster.merge(rows.stream().map(Row::roster).toList(), Long.MAX_VALUE);
        return roster.listeners();
    }
}
