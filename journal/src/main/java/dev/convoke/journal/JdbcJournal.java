package dev.convoke.journal;

import dev.convoke.PublishOptions;
import dev.convoke.event.DeadLetter;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.Receipt;
import dev.convoke.journal.internal.Database;
import dev.convoke.journal.internal.Databases;
import dev.convoke.journal.internal.Journal;
import dev.convoke.journal.internal.KeptLetters;
import dev.convoke.spi.DurableListener;
import dev.convoke.spi.EventJournal;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;

/**
 * A journal in a database: SQLite, for one machine, or PostgreSQL.
 *
 * <pre>{@code
 * var journal = JdbcJournal.sqlite(Path.of("events.db"));
 * var coordinator = AsyncEventCoordinator.builder().journal(journal).build();
 * coordinator.subscribeToEvent(ORDER_PLACED, blocking(billing::charge), ListenerOptions.named("billing").durable());
 * coordinator.publishEvent(ORDER_PLACED, order).accepted().join(); // committed; billing will run, kill -9 or not
 * }</pre>
 *
 * <p>Thread-safe. It serves one coordinator, which closes it; until then it has five daemon threads of its own, and keeps one connection for its
 * heartbeat. One that no coordinator
 * uses, as to look after dead deliveries, is closed by who opened it.
 */
public final class JdbcJournal implements EventJournal, AutoCloseable {
    private static final URI HERE = URI.create("/convoke");
    private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

    private final Journal journal;
    private final KeptLetters letters;

    private JdbcJournal(Database database, JournalOptions options) {
        this.journal = new Journal(database, Objects.requireNonNull(options, "options must not be null"));
        this.letters = new KeptLetters(journal);
        journal.prepare();
    }

    /**
     * A journal in PostgreSQL 13 or newer, with the defaults of {@link JournalOptions}.
     *
     * @throws UnsupportedDatabaseException if the database is another one, or its tables do not suit
     * @throws JournalException if it cannot be reached
     */
    public static JdbcJournal open(DataSource dataSource) {
        return open(dataSource, JournalOptions.defaults());
    }

    /**
     * The same with options. Give it a pool: the journal keeps one connection for its heartbeat, and takes others for its
     * transactions as it needs them. Two are enough; ten are better.
     *
     * <p>A transactional listener holds a connection while it runs. If it waits for {@code accepted()} of another event, it waits
     * for one more connection, which commits that event. A pool in which there is none lets both wait until its time-out. Such a
     * listener should call {@link #publishWithin} with its own connection instead.
     */
    public static JdbcJournal open(DataSource dataSource, JournalOptions options) {
        try {
            return new JdbcJournal(
                    Databases.behind(Objects.requireNonNull(dataSource, "data source must not be null"), options),
                    options);
        } catch (SQLException e) {
            throw new JournalException("the journal's database cannot be reached: " + e.getMessage(), e);
        }
    }

    /**
     * A journal in a file, which is made where there is none, with the defaults of {@link JournalOptions}. It needs
     * {@code org.xerial:sqlite-jdbc}. What was accepted is on the disk.
     */
    public static JdbcJournal sqlite(Path file) {
        return sqlite(file, JournalOptions.defaults());
    }

    /** The same with options. */
    public static JdbcJournal sqlite(Path file, JournalOptions options) {
        return new JdbcJournal(Databases.file(Objects.requireNonNull(file, "file must not be null"), options), options);
    }

    /**
     * Publishes an event in the caller's transaction: to durable listeners alone, and if and only if that commits.
     *
     * <p>The options say what the event is: its id, key, source and attributes, and by {@code causedBy} its parent. Those that say
     * how listeners are run do nothing here, as none runs before the commit: {@code deadline}, {@code oneByOne},
     * {@code stopOnFailure}. Within a listener, the event that is being delivered is the parent only if {@code causedBy} says so.
     *
     * @param connection to the journal's database, in a transaction; it stays the caller's
     * @throws NullPointerException if an argument is null
     * @throws IllegalStateException if the connection is in no transaction or is read-only, or the backlog is full
     * @throws IllegalArgumentException if the payload cannot be kept
     * @throws JournalException if the database refuses
     */
    public <E> Receipt publishWithin(Connection connection, EventType<E> type, E payload, PublishOptions options) {
        Objects.requireNonNull(connection, "connection must not be null");
        Objects.requireNonNull(options, "options must not be null");
        return journal.publishWithin(connection, options.event(type, payload));
    }

    /** How far the deliveries of an event are that was published without a source; empty where it is not, or not any more, known. */
    public Optional<EventStatus> status(String eventId) {
        return status(HERE, eventId);
    }

    /** The same for an event with a source. */
    public Optional<EventStatus> status(URI source, String eventId) {
        return journal.settling().status(source, eventId);
    }

    /**
     * When all deliveries of an event are done or dead; at once for one that is not known. Closing the journal cancels it.
     *
     * @throws IllegalStateException if no coordinator uses the journal
     */
    public CompletableFuture<EventStatus> settled(String eventId) {
        return settled(HERE, eventId);
    }

    /** The same for an event with a source. */
    public CompletableFuture<EventStatus> settled(URI source, String eventId) {
        journal.requireWorking();
        return journal.settling()
                .settled(Objects.requireNonNull(source, "source"), Objects.requireNonNull(eventId, "event id"));
    }

    // ---- listeners and dead deliveries ----

    /** Every durable listener that nobody has retired, of whatever process. One that is orphaned is missing from the last deploy. */
    public List<DurableListenerStatus> listeners() {
        return journal.listeners().statuses();
    }

    /**
     * Gives up a listener that no process has any more, and all its deliveries. Returns how many deliveries there were, or 0 if
     * there is no such listener.
     *
     * @throws IllegalStateException if a living process has it
     */
    public int retire(String listenerId) {
        return journal.listeners().retire(listenerId);
    }

    /**
     * Dead deliveries, the oldest first.
     *
     * @throws IllegalArgumentException here and below, if {@code atMost} is zero or negative
     */
    public List<DeadDelivery> deadDeliveries(DeadSelection selection, int atMost) {
        return journal.deadLetters().list(selection, EventStatus.State.DEAD, requireAtMost(atMost));
    }

    /** Discarded deliveries, the oldest first. */
    public List<DeadDelivery> discardedDeliveries(DeadSelection selection, int atMost) {
        return journal.deadLetters().list(selection, EventStatus.State.DISCARDED, requireAtMost(atMost));
    }

    /** Dead deliveries by listener, reason and error, the largest group first. */
    public List<DeadGroup> deadGroups(int atMost) {
        return journal.deadLetters().groups(requireAtMost(atMost));
    }

    /**
     * Retries dead deliveries, one after each {@code pause}, and returns how many will be retried. Each has all of its attempts
     * again. The times are in the database: the retries happen even if this process ends. A delivery of an ordered listener is the
     * next of its key, after the one that is due or running.
     *
     * @throws IllegalArgumentException if the pause is negative or longer than a day
     */
    public int retryDead(DeadSelection selection, Duration pause, int atMost) {
        return journal.deadLetters().retry(selection, requirePause(pause), requireAtMost(atMost));
    }

    /**
     * Retries up to {@code atMost} dead deliveries, the oldest first, one after each {@code pause}, until {@code stopAfter} of them
     * have failed in a row; at most {@code stopAfter} are open at a time. Those that are open when the last of these fails may fail as
     * well, so that up to {@code 2 * stopAfter - 1} fail in a row. The rest stay dead, even if this process ends.
     *
     * <p>The future completes when all that were retried are done or dead again. That takes a process that has the listener: without
     * one, it never completes. Use a time-out, as {@code orTimeout}. Nothing more is retried after it, or after {@code cancel};
     * what is open then is still delivered.
     *
     * @throws IllegalStateException if the journal is closed, which also cancels the report
     * @throws IllegalArgumentException if one of the numbers is zero or negative, or the pause negative or longer than a day
     */
    public CompletableFuture<RetryReport> retryDead(
            DeadSelection selection, Duration pause, int atMost, int stopAfter) {
        if (stopAfter <= 0) {
            throw new IllegalArgumentException("failures in a row must be positive: " + stopAfter);
        }
        return journal.deadLetters().retry(selection, requirePause(pause), requireAtMost(atMost), stopAfter);
    }

    private static Duration requirePause(Duration pause) {
        if (pause.isNegative() || pause.compareTo(LONGEST_PAUSE) > 0) {
            throw new IllegalArgumentException("pause must be from nothing to " + LONGEST_PAUSE + ": " + pause);
        }
        return pause;
    }

    private static int requireAtMost(int atMost) {
        if (atMost <= 0) {
            throw new IllegalArgumentException("how many at most must be positive: " + atMost);
        }
        return atMost;
    }

    /** Takes dead deliveries out of the way, and says how many; they can be {@linkplain #restoreDiscarded restored}. */
    public int discardDead(DeadSelection selection) {
        return journal.deadLetters().move(selection, EventStatus.State.DEAD, EventStatus.State.DISCARDED);
    }

    /** Makes discarded deliveries dead ones again, and says how many. */
    public int restoreDiscarded(DeadSelection selection) {
        return journal.deadLetters().move(selection, EventStatus.State.DISCARDED, EventStatus.State.DEAD);
    }

    /** How many results came too late, for deliveries that another process had by then; they changed nothing. */
    public long staleResults() {
        return journal.staleResults();
    }

    // ---- for the coordinator ----

    @Override
    public void start() {
        journal.start();
    }

    @Override
    public void subscribe(DurableListener listener) {
        journal.listeners().subscribe(listener);
    }

    @Override
    public void leave(DurableListener listener) {
        journal.listeners().leave(listener);
    }

    @Override
    public Interest interestIn(EventType<?> type) {
        return journal.interestIn(type);
    }

    @Override
    public CompletionStage<Receipt> append(Event<?> event, Duration maxWait) {
        return journal.append(event, maxWait);
    }

    @Override
    public List<DeadLetter> deadLetters(int atMost) {
        return letters.list(requireAtMost(atMost));
    }

    @Override
    public Optional<String> retryDeadLetter(String id) {
        return letters.retry(id);
    }

    @Override
    public boolean discardDeadLetter(String id) {
        return letters.discard(id);
    }

    @Override
    public void stop() {
        journal.stop();
    }

    /** Closes a journal that no coordinator uses; one that a coordinator uses is closed by that. */
    @Override
    public void close() {
        close(Duration.ofSeconds(10));
    }

    @Override
    public void close(Duration timeout) {
        journal.close(timeout);
    }
}
