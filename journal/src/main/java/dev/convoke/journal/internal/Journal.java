package dev.convoke.journal.internal;

import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.event.PublicationNotAcceptedException.Certainty;
import dev.convoke.event.Receipt;
import dev.convoke.journal.DurableListenerStatus;
import dev.convoke.journal.JournalException;
import dev.convoke.journal.JournalOptions;
import dev.convoke.spi.DurableListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One process's part of a journal: what its threads share.
 *
 * <p>Thread-safe.
 */
public final class Journal {
    /** The generation of who does not know any listener. */
    private static final long KNOWS_NONE = -1;

    private static final AtomicLong JOURNALS = new AtomicLong();

    private final String name = "convoke-journal-" + JOURNALS.incrementAndGet();

    private final Database database;
    private final JournalOptions options;
    private final Payloads payloads;
    private final EventTable events;
    private final DeliveryTable deliveries;
    private final SessionTable sessions;
    private final ListenerTable listenerTable;
    private final Worker worker;
    private final Settling settling;
    private final DeadLetters deadLetters;
    private final Appender appender;
    private final Heart heart;
    private final Optional<Bell> bell;
    private final List<Thread> threads = new ArrayList<>();
    private final List<DurableListener> listeners = new CopyOnWriteArrayList<>();

    /** Of the listeners, and of those that are about to be. */
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** As it was at the last turn of the worker, or later. */
    private volatile Catalog catalog = Catalog.EMPTY;

    /** This process's, until it is taken for dead. */
    private volatile String session = UUID.randomUUID().toString();

    /** When this process was last seen to be alive, by its own clock. */
    private volatile long beatAt;

    /** Why nothing is published now, if so. */
    private volatile @Nullable String refusal;

    /** A journal in this database. */
    public Journal(Database database, JournalOptions options) {
        this.database = database;
        this.options = options;
        database.endIdleAfter(options.sessionTtl().toMillis());
        this.payloads = new Payloads(options);
        this.events = new EventTable(database.dialect());
        this.deliveries = new DeliveryTable(database.dialect());
        this.sessions = new SessionTable(database.dialect());
        this.listenerTable = new ListenerTable(database.dialect());
        this.worker = new Worker(this);
        this.settling = new Settling(database, worker::wake);
        this.deadLetters = new DeadLetters(database, worker::wake, task -> thread("redrive", task));
        this.appender = new Appender(this);
        this.heart = new Heart(this);
        threads.add(thread("appender", appender));
        threads.add(thread("worker", worker));
        threads.add(thread("heart", heart));
        this.bell = options.notifications().map(source -> new Bell(source, this::session, worker::wake));
        bell.ifPresent(task -> threads.add(thread("bell", task)));
    }

    Thread thread(String role, Runnable task) {
        Thread thread = new Thread(task, name + "-" + role);
        thread.setDaemon(true);
        thread.setContextClassLoader(Journal.class.getClassLoader());
        return thread;
    }

    // ---- from its start to its end ----

    /** Makes the tables where there are none. */
    public void prepare() {
        asked("the journal's tables cannot be made ready", () -> {
            database.dialect().requireSuits(options);
            new Schema(database).migrate();
            lookForRoom();
            return true;
        });
    }

    /** Begins to work. */
    public void start() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("this journal serves another coordinator");
        }
        asked("the journal cannot begin", () -> {
            beginSession(session);
            enterEventNames();
            return true;
        });
        beatAt = System.nanoTime();
        for (Thread thread : threads) {
            thread.start();
        }
    }

    /** Makes no more deliveries. */
    public void stop() {
        worker.stopClaiming();
    }

    /** Writes down what is known, and ends; a process that comes next does not have to wait for it to be taken for dead. */
    public void close(Duration timeout) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        long until = System.nanoTime() + timeout.toNanos();
        appender.close();
        worker.close();
        heart.stop();
        bell.ifPresent(Bell::stop);
        for (Thread thread : threads) {
            join(thread, until);
        }
        database.hurry();
        if (started.get()) {
            endSession();
        }
        settling.close();
        deadLetters.close();
        database.close();
    }

    private static void join(Thread thread, long until) {
        try {
            long millis = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (thread.isAlive() && millis > 0) {
                thread.join(millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }

    private void endSession() {
        try {
            database.briefly(connection -> {
                sessions.end(connection, session);
            });
        } catch (SQLException e) {
            Log.warn("the journal could not say that it ends: others find that out in " + options.sessionTtl(), e);
        }
    }

    private void enterEventNames() throws SQLException {
        boolean isNew = database.brief(connection -> {
            boolean renames = listenerTable.renameEvents(connection, options.renamedEvents());
            refresh(connection);
            return renames;
        });
        if (isNew) {
            awaitOthers();
        }
    }

    /** Others wait for it from then on, when they add a listener; so it learns after that which there are. */
    private void beginSession(String id) throws SQLException {
        database.briefly(connection -> sessions.begin(connection, id, KNOWS_NONE));
        database.briefly(this::refresh);
        database.briefly(connection -> sessions.beat(connection, id, catalog.generation()));
    }

    /** Says that this process lives; begins anew where it was taken for dead. */
    void beat() throws SQLException {
        long now = System.nanoTime();
        boolean known = database.brief(connection -> sessions.beat(connection, session, catalog.generation()));
        if (!known) {
            String next = UUID.randomUUID().toString();
            beginSession(next);
            session = next;
        }
        beatAt = now;
    }

    // ---- listeners ----

    /** Keeps events for this listener from now on. */
    public void subscribe(DurableListener listener) {
        if (StoredEvent.hasHalves(listener.id() + listener.subscribedTo())) {
            throw new IllegalArgumentException(
                    "the name of a durable listener, and of its event, must have no half of a character");
        }
        if (!names.add(listener.id())) {
            throw new IllegalArgumentException("there is a durable listener " + listener.id()
                    + " already: its deliveries are kept under that name");
        }
        try {
            enter(listener);
        } catch (RuntimeException | Error e) {
            names.remove(listener.id());
            throw e;
        }
        listeners.add(listener);
        worker.wake();
    }

    private void enter(DurableListener listener) {
        if (listener.type() != null) {
            payloads.read(listener.type());
        }
        asked("listener " + listener.id() + " cannot be entered into the journal", () -> {
            database.briefly(connection -> {
                listenerTable.enter(connection, listener, namesBefore(listener.id()));
                refresh(connection);
            });
            awaitOthers();
            return true;
        });
    }

    /** Until every living process knows the listeners that this one knows: it may publish events for them. */
    private void awaitOthers() throws SQLException {
        long until = System.nanoTime() + options.sessionTtl().toNanos();
        long generation = catalog.generation();
        while (System.nanoTime() < until && isAnyBehind(generation)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private boolean isAnyBehind(long generation) throws SQLException {
        return database.brief(connection -> sessions.isAnyBehind(connection, session, generation, ttlMillis()));
    }

    /** Says which listeners this process has. */
    void sawListeners(Connection connection) throws SQLException {
        listenerTable.seen(connection, listeners);
    }

    private List<String> namesBefore(String listenerId) {
        return options.renamedListeners().entrySet().stream()
                .filter(renamed -> renamed.getValue().equals(listenerId))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Every durable listener that nobody has retired. */
    public List<DurableListenerStatus> allListeners() {
        return database.ask("the listeners cannot be read", connection -> listenerTable.list(connection, ttlMillis()));
    }

    /** Those listeners that no living process has. */
    Set<String> orphans(Connection connection) throws SQLException {
        return listenerTable.orphans(connection, ttlMillis());
    }

    /** Gives up a listener that no process has any more. */
    public int retire(String listenerId) {
        int given = database.ask(
                "listener " + listenerId + " cannot be retired",
                connection -> listenerTable.retire(connection, listenerId, ttlMillis()));
        if (given < 0) {
            throw new IllegalStateException(
                    "listener " + listenerId + " is there, in this process or another: it can be" + " retired "
                            + options.sessionTtl() + " after the last one has closed it");
        }
        Log.info("listener " + listenerId + " is retired, and " + given + " deliveries with it");
        worker.wake();
        return given;
    }

    /** This process has the listener no more. */
    public void leave(DurableListener listener) {
        listeners.remove(listener);
        names.remove(listener.id());
    }

    List<DurableListener> listeners() {
        return listeners;
    }

    /** Learns which listeners there are, and tells others that it knows. */
    void refresh(Connection connection) throws SQLException {
        Catalog known = catalog;
        Catalog now = known.current(connection);
        if (now != known) {
            catalog = now;
            if (started.get()) {
                sessions.beat(connection, session, now.generation());
            }
        }
    }

    Catalog catalog() {
        return catalog;
    }

    /** Whether a durable listener wants events of this type; also where that is not known for certain. */
    public boolean keeps(EventType<?> type) {
        boolean isFresh = System.nanoTime() - beatAt < options.sessionTtl().toNanos();
        return !isFresh || catalog.wants(type.name());
    }

    // ---- events ----

    /** Keeps the event. */
    public CompletableFuture<Receipt> append(Event<?> event) {
        payloads.know(event.type());
        try {
            Connection joined = options.connectionSource().current();
            return joined == null
                    ? appender.append(event)
                    : CompletableFuture.completedFuture(publishWithin(joined, event));
        } catch (RuntimeException e) {
            String why = String.valueOf(e.getMessage());
            return CompletableFuture.failedFuture(
                    new PublicationNotAcceptedException(Certainty.REJECTED, event.source(), event.id(), why, e));
        }
    }

    /** Keeps the event in somebody's transaction. */
    public Receipt publishWithin(Connection connection, Event<?> event) {
        payloads.know(event.type());
        String refusal = refusal();
        if (refusal != null) {
            throw new IllegalStateException("event " + event.id() + " is refused: " + refusal);
        }
        asked("event " + event.id() + " cannot be kept", () -> {
            requireTransaction(connection);
            database.dialect().beginToWrite(connection);
            appender.insert(connection, List.of(StoredEvent.of(event, payloads)));
            return true;
        });
        worker.wake(); // which looks often for a while: nobody says when the caller has committed
        return new Receipt(event.source(), event.id());
    }

    private void requireTransaction(Connection connection) throws SQLException {
        if (database.isWithin(connection)) {
            return; // a transactional listener's
        }
        if (connection.getAutoCommit()) {
            throw new IllegalStateException("the connection is in no transaction: call setAutoCommit(false) first");
        }
        int isolation = connection.getTransactionIsolation();
        if (database.dialect() == Dialect.POSTGRESQL && isolation > Connection.TRANSACTION_READ_COMMITTED) {
            throw new IllegalStateException(
                    "the transaction does not see what others commit meanwhile, on which order by key rests: use READ COMMITTED");
        }
    }

    /** Why nothing is published now, or null. */
    @Nullable String refusal() {
        return refusal;
    }

    /** Looks whether there is room for what is published. */
    void lookForRoom() throws SQLException {
        String before = refusal;
        String now = whyRefused();
        refusal = now;
        if (now != null && before == null) {
            Log.warn("publications are rejected: " + now);
        }
    }

    private @Nullable String whyRefused() throws SQLException {
        String trouble = database.trouble();
        if (trouble != null) {
            return trouble;
        }
        if (options.minFreeDisk() > 0 && database.freeDisk() < options.minFreeDisk()) {
            return "fewer than " + options.minFreeDisk() + " bytes are free on the journal's disk";
        }
        return isOverfull() ? "more than " + options.maxBacklog() + " deliveries are open" : null;
    }

    private boolean isOverfull() throws SQLException {
        return options.maxBacklog() < Long.MAX_VALUE
                && database.brief(connection -> deliveries.backlog(connection, options.maxBacklog()))
                        >= options.maxBacklog();
    }

    // ---- what is asked ----

    /**
     * Says that something is to go on by itself.
     *
     * @throws IllegalStateException if it does no work, so that this would not
     */
    public void requireWorking() {
        if (!started.get() || closed.get()) {
            throw new IllegalStateException(
                    "no coordinator uses this journal, or not any more: nobody would go on with that");
        }
    }

    /** How far events are. */
    public Settling settling() {
        return settling;
    }

    /** What is done with dead deliveries. */
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    /** How many results came for deliveries that somebody else had by then; they changed nothing. */
    public long staleResults() {
        return worker.staleResults();
    }

    // ---- what its threads share ----

    private interface Question<T extends @Nullable Object> {
        T ask() throws SQLException;
    }

    private static <T extends @Nullable Object> T asked(String failure, Question<T> question) {
        try {
            return question.ask();
        } catch (SQLException e) {
            throw new JournalException(failure + ": " + e.getMessage(), e);
        }
    }

    Database database() {
        return database;
    }

    JournalOptions options() {
        return options;
    }

    long ttlMillis() {
        return options.sessionTtl().toMillis();
    }

    Payloads payloads() {
        return payloads;
    }

    EventTable events() {
        return events;
    }

    DeliveryTable deliveries() {
        return deliveries;
    }

    SessionTable sessions() {
        return sessions;
    }

    Worker worker() {
        return worker;
    }

    String session() {
        return session;
    }
}
