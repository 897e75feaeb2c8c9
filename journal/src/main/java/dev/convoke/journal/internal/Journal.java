package dev.convoke.journal.internal;

import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.event.PublicationNotAcceptedException.Certainty;
import dev.convoke.event.Receipt;
import dev.convoke.journal.JournalException;
import dev.convoke.journal.JournalOptions;
import dev.convoke.journal.internal.SessionTable.Session;
import dev.convoke.spi.EventJournal.Interest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One process's part of a journal: what its threads share.
 *
 * <p>Thread-safe.
 */
public final class Journal {
    private static final AtomicLong JOURNALS = new AtomicLong();

    private final String name = "convoke-journal-" + JOURNALS.incrementAndGet();

    private final Database database;
    private final JournalOptions options;
    private final Payloads payloads;
    private final EventTable events;
    private final InboxTable inbox;
    private final DeliveryTable deliveries;
    private final SessionTable sessions;
    private final ListenerTable listenerTable;
    private final Listeners listeners;
    private final Membership membership;
    private final Worker worker;
    private final Settling settling;
    private final DeadLetters deadLetters;
    private final Appender appender;
    private final Sequencer sequencer;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Runnable> stops = new ArrayList<>();
    private final Shutdown shutdown;

    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** As it was committed when this process looked last. */
    private final AtomicReference<Catalog> catalog = new AtomicReference<>(Catalog.EMPTY);

    /** Why nothing is published now, if so. */
    private volatile @Nullable String refusal;

    /** A journal in this database. */
    public Journal(Database database, JournalOptions options) {
        this.database = database;
        this.options = options;
        database.endIdleAfter(Math.max(options.sessionTtl().toMillis() / 2, 1_000));
        this.payloads = new Payloads(options);
        this.events = new EventTable(database, payloads);
        this.inbox = new InboxTable(database);
        this.deliveries = new DeliveryTable(database);
        this.sessions = new SessionTable(database);
        this.listenerTable = new ListenerTable(database);
        this.listeners = new Listeners(this);
        this.worker = new Worker(this);
        this.settling = new Settling(this);
        this.deadLetters = new DeadLetters(database, worker, task -> thread("redrive", task));
        this.appender = new Appender(this);
        this.sequencer = new Sequencer(this);
        this.membership = new Membership(this);
        this.shutdown = new Shutdown(this);
        add("appender", appender, appender::close);
        add("sequencer", sequencer, sequencer::close);
        add("worker", worker, worker::close);
        options.notifications().ifPresent(source -> {
            Bell bell = new Bell(source, this::session, this::wake);
            add("bell", bell, bell::stop);
        });
    }

    private void add(String role, Runnable task, Runnable stop) {
        threads.add(thread(role, task));
        stops.add(stop);
    }

    Thread thread(String role, Runnable task) {
        Thread thread = new Thread(task, name + "-" + role);
        thread.setDaemon(true);
        thread.setContextClassLoader(Journal.class.getClassLoader());
        return thread;
    }

    private void wake() {
        sequencer.wake();
        worker.wake();
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
        try {
            asked("the journal cannot begin", () -> {
                membership.begin();
                listeners.enterEventNames();
                return true;
            });
        } catch (RuntimeException | Error e) {
            membership.close();
            started.set(false);
            throw e;
        }
        for (Thread thread : threads) {
            thread.start();
        }
        shutdown.register();
    }

    /** Makes no more deliveries. */
    public void stop() {
        worker.stopClaiming();
    }

    /** Writes down what is known, and ends; what has not ended is handed to other processes at once. */
    public void close(Duration timeout) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        boolean wasInterrupted = Thread.interrupted(); // what has ended is to be written down all the same
        try {
            long until = System.nanoTime() + timeout.toNanos();
            stops.forEach(Runnable::run);
            for (Thread thread : threads) {
                wasInterrupted |= join(thread, until);
            }
            database.hurry();
            if (started.get()) {
                wasInterrupted |= membership.end(until);
            }
            settling.close();
            deadLetters.close();
            database.close();
            shutdown.unregister();
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits until the thread has ended, and says whether this one was interrupted meanwhile. */
    static boolean join(Thread thread, long until) {
        boolean wasInterrupted = false;
        long millis = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        while (thread.isAlive() && millis > 0) {
            try {
                thread.join(millis);
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
            millis = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        }
        thread.interrupt();
        return wasInterrupted;
    }

    /** What this process has begun and not ended is made by others; no crash is counted. */
    void handBack() throws SQLException {
        database.briefly(connection -> deliveries.handBack(connection, session()));
    }

    boolean isClosed() {
        return closed.get();
    }

    // ---- what is known of the listeners ----

    /** Looks which listeners there are now; what others have not committed is not seen. */
    Catalog refresh(Connection connection) throws SQLException {
        Catalog now = catalog.get().current(database, connection);
        learn(now);
        return now;
    }

    /** Says whether that is newer than what was known. */
    boolean learn(Catalog now) {
        Catalog before = catalog.getAndUpdate(known -> now.generation() > known.generation() ? now : known);
        return now.generation() > before.generation();
    }

    Catalog catalog() {
        return catalog.get();
    }

    /**
     * Up to which generation every listener gets what this process publishes from now on: what is being written may have been
     * begun before this process learnt of a later one.
     */
    long knownGeneration() {
        long known = catalog.get().generation();
        return Math.min(known, appender.writing());
    }

    /** Whether a durable listener, in whatever process, wants events of this type. */
    public Interest interestIn(EventType<?> type) {
        boolean isFresh = isFresh(); // first: it was when the listeners were looked at
        if (catalog.get().wants(type.name())) {
            return Interest.SOME;
        }
        return isFresh ? Interest.NONE : Interest.UNKNOWN;
    }

    /** The durable listeners of this process, and what is asked about those of all processes. */
    public Listeners listeners() {
        return listeners;
    }

    // ---- membership ----

    void awaitOthers() throws SQLException {
        membership.awaitOthers();
    }

    String session() {
        return membership.session();
    }

    /** Whether this process is certain that no other one takes it for dead. */
    boolean isFresh() {
        return membership.isFresh();
    }

    long beatAt() {
        return membership.beatAt();
    }

    void beaten(long when) {
        membership.beaten(when);
    }

    void lost(String session) {
        membership.lost(session);
    }

    void beginAgainWhereLost() throws SQLException {
        membership.beginAgainWhereLost();
    }

    // ---- events ----

    /** Keeps the event. */
    public CompletableFuture<Receipt> append(Event<?> event, Duration maxWait) {
        payloads.know(event.type());
        try {
            Connection joined = options.connectionSource().current();
            return joined == null
                    ? appender.append(event, maxWait)
                    : CompletableFuture.completedFuture(publishWithin(joined, event));
        } catch (RuntimeException e) {
            String why = String.valueOf(e.getMessage());
            return CompletableFuture.failedFuture(
                    new PublicationNotAcceptedException(Certainty.REJECTED, event.source(), event.id(), why, e));
        }
    }

    /** Keeps the event in somebody's transaction: one statement, which waits for nobody. */
    public Receipt publishWithin(Connection connection, Event<?> event) {
        payloads.know(event.type());
        String why = refusal();
        if (why != null) {
            throw new IllegalStateException("event " + event.id() + " is refused: " + why);
        }
        StoredEvent stored = StoredEvent.of(event, payloads);
        asked("event " + event.id() + " cannot be kept", () -> {
            if (!database.isWithin(connection) && connection.getAutoCommit()) {
                throw new IllegalStateException("the connection is in no transaction: call setAutoCommit(false) first");
            }
            if (connection.isReadOnly()) {
                throw new IllegalStateException(
                        "the connection is read-only: nothing can be published in its transaction");
            }
            database.dialect().beginToWrite(connection);
            inbox.put(connection, List.of(stored));
            return true;
        });
        sequencer.wake(); // which looks often for a while: nobody says when the caller has committed
        return new Receipt(event.source(), event.id());
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

    /** By which two deliveries of an event to a listener are known to be one, whatever the listener is called meanwhile. */
    String idempotencyKey(Due due) {
        StoredEvent event = due.event();
        return event.source() + "/" + event.eventId() + "/" + due.delivery().listener();
    }

    // ---- what is asked ----

    /**
     * Says that something is to go on by itself.
     *
     * @throws IllegalStateException if it does no work, so that this would not
     */
    public void requireWorking() {
        if (!started.get() || closed.get()) {
            throw new IllegalStateException("the journal is not running: no coordinator uses it, or it is closed");
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

    interface Question<T extends @Nullable Object> {
        T ask() throws SQLException;
    }

    static <T extends @Nullable Object> T asked(String failure, Question<T> question) {
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

    /** An event that was stored, or last of use, longer ago than this when a delivery ends is of use until then. */
    long rememberedMillis() {
        return Math.min(options.retention().toMillis() / 50, TimeUnit.MINUTES.toMillis(30));
    }

    /** How many deliveries to transactional listeners run at a time. */
    int maxTransactions() {
        return database.dialect() == Dialect.SQLITE ? 1 : options.maxTransactions();
    }

    Payloads payloads() {
        return payloads;
    }

    EventTable events() {
        return events;
    }

    InboxTable inbox() {
        return inbox;
    }

    DeliveryTable deliveries() {
        return deliveries;
    }

    SessionTable sessions() {
        return sessions;
    }

    ListenerTable listenerTable() {
        return listenerTable;
    }

    Worker worker() {
        return worker;
    }

    Sequencer sequencer() {
        return sequencer;
    }

    /** A session as it begins: it knows no listeners. */
    Session newSession(String id, String process) {
        return new Session(id, process, ttlMillis(), 0, Catalog.EMPTY.generation());
    }
}
