package dev.convoke.journal;

import dev.convoke.event.EventType;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a journal works: {@code JournalOptions.defaults().sessionTtl(ofSeconds(5))}.
 *
 * <p>Thread-safe: immutable; each method that is given something returns other options.
 */
public final class JournalOptions {
    private static final JournalOptions DEFAULTS = new JournalOptions(new Choices());

    private final Choices choices;

    private JournalOptions(Choices choices) {
        this.choices = choices;
    }

    /** What was chosen; written while it is made, by one thread, and never after. */
    private static final class Choices {
        private Duration sessionTtl = Duration.ofSeconds(15);
        private int maxRunning = 100;
        private int maxPayloadBytes = 1 << 20;
        private long maxBacklog = Long.MAX_VALUE;
        private long minFreeDisk;
        private Duration retention = Duration.ofDays(1);
        private ConnectionSource connectionSource = () -> null;
        private @Nullable DataSource notifications;
        private @Nullable Consumer<? super DurableListenerStatus> onOrphan;
        private @Nullable Consumer<? super UnreadableDelivery> onUnreadable;
        private Duration unreadableGrace = Duration.ofHours(1);
        private int maxTransactions = 5;
        private @Nullable String schema;
        private UnaryOperator<JsonMapper.Builder> json = builder -> builder;
        private @Nullable PayloadCodec codec;
        private @Nullable PayloadFormat format;
        private final Map<String, EventType<?>> types = new HashMap<>();
        private final Map<String, String> renamedListeners = new HashMap<>();
        private final Map<String, String> renamedEvents = new HashMap<>();
        private final Map<String, Integer> versions = new HashMap<>();
        private final Map<Version, UnaryOperator<JsonNode>> upcasters = new HashMap<>();

        Choices copy() {
            Choices copy = new Choices();
            copy.sessionTtl = sessionTtl;
            copy.maxRunning = maxRunning;
            copy.maxPayloadBytes = maxPayloadBytes;
            copy.maxBacklog = maxBacklog;
            copy.minFreeDisk = minFreeDisk;
            copy.retention = retention;
            copy.connectionSource = connectionSource;
            copy.notifications = notifications;
            copy.onOrphan = onOrphan;
            copy.onUnreadable = onUnreadable;
            copy.unreadableGrace = unreadableGrace;
            copy.maxTransactions = maxTransactions;
            copy.schema = schema;
            copy.json = json;
            copy.codec = codec;
            copy.format = format;
            copy.types.putAll(types);
            copy.renamedListeners.putAll(renamedListeners);
            copy.renamedEvents.putAll(renamedEvents);
            copy.versions.putAll(versions);
            copy.upcasters.putAll(upcasters);
            return copy;
        }
    }

    private record Version(String eventName, int number) {}

    private JournalOptions with(Consumer<Choices> choice) {
        Choices copy = choices.copy();
        choice.accept(copy);
        return new JournalOptions(copy);
    }

    private static <T> T positive(String what, T value, boolean isPositive) {
        if (!isPositive) {
            throw new IllegalArgumentException(what + " must be positive: " + value);
        }
        return value;
    }

    private static void notLonger(String what, Duration value, Duration longest) {
        if (value.compareTo(longest) > 0) {
            throw new IllegalArgumentException(what + " must not be longer than " + longest + ": " + value);
        }
    }

    /** 15 s, 100 running deliveries for each listener, payloads of up to 1 MiB, any backlog, a day of retention. */
    public static JournalOptions defaults() {
        return DEFAULTS;
    }

    /**
     * After what time without a sign of life a process is taken for dead, so that others take over what it had.
     *
     * @throws IllegalArgumentException if it is zero, negative, or longer than a day
     */
    public JournalOptions sessionTtl(Duration ttl) {
        positive("session TTL", ttl, !ttl.isNegative() && !ttl.isZero());
        notLonger("session TTL", ttl, Duration.ofDays(1));
        return with(choices -> choices.sessionTtl = ttl);
    }

    /**
     * How many deliveries of one listener run in this process at a time, where it has no limit of its own.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    public JournalOptions maxRunning(int deliveries) {
        positive("running deliveries", deliveries, deliveries > 0);
        return with(choices -> choices.maxRunning = deliveries);
    }

    /**
     * Sets how large a payload may be together with the event's attributes, both as the UTF-8 text that is stored. A publication
     * with larger ones is rejected. Default: 1 MiB.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    public JournalOptions maxPayloadBytes(int bytes) {
        positive("payload bytes", bytes, bytes > 0);
        return with(choices -> choices.maxPayloadBytes = bytes);
    }

    /**
     * How many deliveries may be open, in all processes, before publications are rejected. They are counted once a second, so
     * that what is published within one may come on top.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    public JournalOptions maxBacklog(long deliveries) {
        positive("backlog", deliveries, deliveries > 0);
        return with(choices -> choices.maxBacklog = deliveries);
    }

    /**
     * How many bytes have to be free on the disk that SQLite's file is on; with fewer, publications are rejected, so that what is
     * kept can still be worked off. It is looked at once a second. A journal in PostgreSQL, whose disk cannot be seen from here,
     * refuses this: use {@link #maxBacklog(long)}.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    public JournalOptions minFreeDisk(long bytes) {
        positive("free disk", bytes, bytes > 0);
        return with(choices -> choices.minFreeDisk = bytes);
    }

    /**
     * How long an event is remembered whose deliveries are all done: for its status, and so that a second publication with its
     * identity changes nothing.
     *
     * @throws IllegalArgumentException if it is zero, negative, or longer than a hundred years
     */
    public JournalOptions retention(Duration time) {
        positive("retention", time, !time.isNegative() && !time.isZero());
        notLonger("retention", time, Duration.ofDays(36_500));
        return with(choices -> choices.retention = time);
    }

    /**
     * Has what is published join the transaction that the publisher's thread is in, if it is in one: the event is kept if and
     * only if that commits. Then {@code accepted()} and the durable listeners' results say that it was written, as nobody knows
     * yet whether it will be committed; listeners that are not durable run at once. Default: a transaction of the journal's own.
     */
    public JournalOptions connectionSource(ConnectionSource source) {
        Objects.requireNonNull(source, "connection source must not be null");
        return with(choices -> choices.connectionSource = source);
    }

    /**
     * Has other processes' publications wake this one, in PostgreSQL, by its notifications: without, it looks for them once a
     * second when it has nothing to do. One connection is taken and kept, so it is not to come from a pool that has no other.
     */
    public JournalOptions notifications(DataSource source) {
        Objects.requireNonNull(source, "data source must not be null");
        return with(choices -> choices.notifications = source);
    }

    /**
     * Who is told, in each process and once, when a listener is found orphaned: no process has had it for the session TTL. Called
     * on a thread of the journal's own. Default: a warning in the log.
     */
    public JournalOptions onOrphan(Consumer<? super DurableListenerStatus> handler) {
        Objects.requireNonNull(handler, "handler must not be null");
        return with(choices -> choices.onOrphan = handler);
    }

    /**
     * Sets the handler that is told, in each process and once for each listener, event and version, when deliveries cannot be read
     * by any process that has tried: a newer version of the application has published them, or the payload is damaged. They wait,
     * in their place, for a process that can read them. Called on a thread of the journal's own. Default: a warning in the log.
     */
    public JournalOptions onUnreadable(Consumer<? super UnreadableDelivery> handler) {
        Objects.requireNonNull(handler, "handler must not be null");
        return with(choices -> choices.onUnreadable = handler);
    }

    /**
     * Sets how long what belongs to another version of the application is waited for: a delivery that no process can read becomes
     * dead after it, and how a listener was subscribed by processes of a version that are all gone is forgotten after it.
     * Default: an hour.
     *
     * @throws IllegalArgumentException if it is zero, negative, or longer than a hundred years
     */
    public JournalOptions unreadableGrace(Duration time) {
        positive("grace for unreadable deliveries", time, !time.isNegative() && !time.isZero());
        notLonger("grace for unreadable deliveries", time, Duration.ofDays(36_500));
        return with(choices -> choices.unreadableGrace = time);
    }

    /**
     * Sets how many deliveries to transactional listeners run in this process at a time, all such listeners taken together: each
     * holds a connection while it runs. Default: 5, which leaves half of a pool of ten to the journal's own threads and the rest
     * of the application. In SQLite one runs at a time.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    public JournalOptions maxTransactions(int deliveries) {
        positive("transactions", deliveries, deliveries > 0);
        return with(choices -> choices.maxTransactions = deliveries);
    }

    /**
     * Sets the PostgreSQL schema that the journal's tables are in, which has to exist. Default: the one in which they are found by
     * the role's {@code search_path} when the journal is opened, or the first of that path.
     */
    public JournalOptions schema(String name) {
        Objects.requireNonNull(name, "schema must not be null");
        return with(choices -> choices.schema = name);
    }

    /** One more type of which payloads are read, for listeners that are subscribed to a pattern. */
    public JournalOptions type(EventType<?> type) {
        Objects.requireNonNull(type, "type must not be null");
        return with(choices -> choices.types.put(type.name(), type));
    }

    /**
     * A durable listener has another name than before: what is kept under the old one is delivered to it.
     *
     * <p>Two listeners that both still exist must not be declared as one. Subscribing a listener is refused where this process or
     * another running one has both.
     *
     * @throws IllegalArgumentException if the renames go round in a circle
     */
    public JournalOptions renamedListener(String before, String now) {
        Set<String> names = new LinkedHashSet<>(Set.of(before));
        for (String next = now; next != null; next = choices.renamedListeners.get(next)) {
            if (!names.add(next)) {
                throw new IllegalArgumentException("renamedListener(\"" + before + "\", \"" + now
                        + "\") makes a circle of renames: " + String.join(" → ", names) + " → " + next
                        + "; keep those that lead to today's name");
            }
        }
        return with(choices -> choices.renamedListeners.put(before, now));
    }

    /**
     * An event has another name than before: what was published under the old one, or still is by other processes, is for those who
     * listen to the new one, and is read as of its type.
     */
    public JournalOptions renamedEvent(String before, String now) {
        return with(choices -> choices.renamedEvents.put(before, now));
    }

    /**
     * In which version payloads of the event are published and read; 1 where nothing is said.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    public JournalOptions version(String eventName, int version) {
        positive("version of " + eventName, version, version > 0);
        return with(choices -> choices.versions.put(eventName, version));
    }

    /**
     * How a payload of this version is made into one of the next. It may be given the same payload several times, and may change the node
     * that it is given. Numbers with a fraction are given as decimals of all their digits. Called on a thread of the journal's; where
     * it throws, the delivery waits as UNREADABLE for a process that can read it.
     *
     * @throws IllegalArgumentException if payloads are not JSON, as there is a {@link #format}
     */
    public JournalOptions upcaster(String eventName, int fromVersion, UnaryOperator<JsonNode> upcaster) {
        Objects.requireNonNull(upcaster, "upcaster must not be null");
        return requireOneFormat(with(choices -> choices.upcasters.put(new Version(eventName, fromVersion), upcaster)));
    }

    /**
     * Changes how payloads are written as JSON and read: {@code json(mapper -> mapper.addMixIn(Money.class, MoneyMixIn.class))}. The
     * function gets Convoke's own choices, with all Jackson modules that are on the class path or module path, and is called once
     * for each journal. Whatever it says, a payload that would not come back as it is is rejected.
     */
    public JournalOptions json(UnaryOperator<JsonMapper.Builder> choice) {
        Objects.requireNonNull(choice, "choice must not be null");
        return with(choices -> choices.json = choice);
    }

    /** Changes the text of payloads before it is stored, as encryption does. Default: it is stored as it is. */
    public JournalOptions codec(PayloadCodec codec) {
        Objects.requireNonNull(codec, "codec must not be null");
        return with(choices -> choices.codec = codec);
    }

    /**
     * Writes payloads as text of another kind than JSON. Default: JSON.
     *
     * @throws IllegalArgumentException if there are upcasters, which work on JSON
     */
    public JournalOptions format(PayloadFormat format) {
        Objects.requireNonNull(format, "format must not be null");
        return requireOneFormat(with(choices -> choices.format = format));
    }

    private static JournalOptions requireOneFormat(JournalOptions options) {
        if (options.choices.format != null && !options.choices.upcasters.isEmpty()) {
            throw new IllegalArgumentException(
                    "upcasters work on JSON, and a format replaces it: let PayloadFormat.read do their work");
        }
        return options;
    }

    /** After what time without a sign of life a process is taken for dead. */
    public Duration sessionTtl() {
        return choices.sessionTtl;
    }

    /** How many deliveries of one listener run in this process at a time. */
    public int maxRunning() {
        return choices.maxRunning;
    }

    /** How large a payload may be together with the event's attributes, in bytes. */
    public int maxPayloadBytes() {
        return choices.maxPayloadBytes;
    }

    /** How many deliveries may be open. */
    public long maxBacklog() {
        return choices.maxBacklog;
    }

    /** How many bytes have to be free on the disk; 0 where nothing is said. */
    public long minFreeDisk() {
        return choices.minFreeDisk;
    }

    /** What notifications are listened for with. */
    public Optional<DataSource> notifications() {
        return Optional.ofNullable(choices.notifications);
    }

    /** Who is told of orphaned listeners. */
    public Optional<Consumer<? super DurableListenerStatus>> onOrphan() {
        return Optional.ofNullable(choices.onOrphan);
    }

    /** Who is told of deliveries that no process can read. */
    public Optional<Consumer<? super UnreadableDelivery>> onUnreadable() {
        return Optional.ofNullable(choices.onUnreadable);
    }

    /** How long what belongs to another version of the application is waited for. */
    public Duration unreadableGrace() {
        return choices.unreadableGrace;
    }

    /** How many deliveries to transactional listeners run in this process at a time. */
    public int maxTransactions() {
        return choices.maxTransactions;
    }

    /** The PostgreSQL schema that the journal's tables are in, where one was named. */
    public Optional<String> schema() {
        return Optional.ofNullable(choices.schema);
    }

    /** Where transactions of the publisher's thread are found. */
    public ConnectionSource connectionSource() {
        return choices.connectionSource;
    }

    /** How long an event is remembered whose deliveries are all done. */
    public Duration retention() {
        return choices.retention;
    }

    /** What is changed about JSON. */
    public UnaryOperator<JsonMapper.Builder> json() {
        return choices.json;
    }

    /** What changes the text of payloads, if anything does. */
    public Optional<PayloadCodec> codec() {
        return Optional.ofNullable(choices.codec);
    }

    /** What replaces JSON, if anything does. */
    public Optional<PayloadFormat> format() {
        return Optional.ofNullable(choices.format);
    }

    /** The types that were given, by the events' names. */
    public Map<String, EventType<?>> types() {
        return Map.copyOf(choices.types);
    }

    /** What listeners are called now, by what they were called before. */
    public Map<String, String> renamedListeners() {
        return Map.copyOf(choices.renamedListeners);
    }

    /** What events are called now, by what they were called before. */
    public Map<String, String> renamedEvents() {
        return Map.copyOf(choices.renamedEvents);
    }

    /** What an event is called now that may have been called so before. */
    public String nowOf(String eventName) {
        Set<String> seen = new HashSet<>();
        String name = eventName;
        while (seen.add(name) && choices.renamedEvents.containsKey(name)) {
            name = choices.renamedEvents.get(name);
        }
        return name;
    }

    /** In which version payloads of the event are. */
    public int versionOf(String eventName) {
        return choices.versions.getOrDefault(eventName, 1);
    }

    /** How a payload of this version is made into one of the next, if that was said. */
    public Optional<UnaryOperator<JsonNode>> upcasterOf(String eventName, int fromVersion) {
        return Optional.ofNullable(choices.upcasters.get(new Version(eventName, fromVersion)));
    }
}
