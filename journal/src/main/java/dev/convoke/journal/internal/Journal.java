package dev.convoke.journal.internal;

import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.event.PublicationNotAcceptedException.Certainty;
import dev.convoke.event.Receipt;
import dev.convoke.journal.DurableListenerStatus;
import dev.convoke.journal.JournalException;
import dev.convoke.journal.JournalOptions;
import dev.convoke.journal.internal.ListenerTable.Subscribed;
import dev.convoke.journal.internal.SessionTable.Session;
import dev.convoke.spi.DurableListener;
import dev.convoke.spi.EventJournal.Interest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private final Membership membership;
    private final Worker worker;
    private final Settling settling;
    private final DeadLetters deadLetters;
    private final Appender appender;
    private final Sequencer sequencer;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Runnable> stops = new ArrayList<>();
    private final List<Local> locals = new CopyOnWriteArrayList<>();
    private final Shutdown shutdown;

    /** Of the listeners, and of those that are about to be. */
    private final Set<String> names = ConcurrentHashMap.newKeySet();

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
        this.events = new EventTable(database);
        this.inbox = new InboxTable(database);
        this.deliveries = new DeliveryTable(database);
        this.sessions = new SessionTable(database);
        this.listenerTable = new ListenerTable(database);
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
                enterEventNames();
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

    private void enterEventNames() throws SQLException {
        boolean isNew = again(connection -> listenerTable.renameEvents(connection, options.renamedEvents()));
        learn(database.brief(this::refresh));
        if (isNew) {
            membership.awaitOthers();
        }
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
        worker.wake();
    }

    private void enter(DurableListener listener) {
        if (listener.type() != null) {
            payloads.read(listener.type());
        }
        Local entered = asked("listener " + listener.id() + " cannot be entered into the journal", () -> {
            long before = catalog.get().generation();
            Subscribed subscribed = subscribed(listener);
            Local local = new Local(listener, again(connection -> enter(connection, subscribed)), subscribed);
            learn(database.brief(this::refresh));
            if (catalog.get().generation() != before) {
                membership.awaitOthers();
            }
            return local;
        });
        locals.add(entered);
    }

    /** @throws IllegalArgumentException if another listener here has its deliveries */
    private String enter(Connection connection, Subscribed subscribed) throws SQLException {
        String id = listenerTable.enter(connection, session(), subscribed);
        for (Local local : locals) {
            if (local.id().equals(id)) {
                throw new IllegalArgumentException("listeners " + local.name() + " and " + subscribed.name()
                        + " are the same listener under two names: one was renamed to the other; give the new one another name");
            }
        }
        return id;
    }

    private Subscribed subscribed(DurableListener listener) {
        EventType<?> type = listener.type();
        return new Subscribed(
                listener.id(),
                namesBefore(listener.id()),
                listener.subscribedTo(),
                type == null,
                listener.options().isOrdered(),
                type == null ? null : payloads.versionOf(type.name()));
    }

    private List<String> namesBefore(String listenerName) {
        Set<String> before = new LinkedHashSet<>();
        before.add(listenerName);
        boolean isMore = true;
        while (isMore) {
            isMore = false;
            for (Map.Entry<String, String> renamed : options.renamedListeners().entrySet()) {
                isMore |= before.contains(renamed.getValue()) && before.add(renamed.getKey());
            }
        }
        before.remove(listenerName);
        return List.copyOf(before);
    }

    /** In a transaction that may have to give way to another process's. */
    private <T> T again(Database.Work<T, RuntimeException> work) throws SQLException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try {
                return database.brief(work);
            } catch (SQLException e) {
                if (!Dialect.isPassing(e) || until - System.nanoTime() <= 0) {
                    throw e;
                }
            }
        }
    }

    /** Enters all listeners of this process anew, for its next session. */
    void enterAll(Connection connection, String nextSession) throws SQLException {
        for (Local local : locals) {
            listenerTable.enter(connection, nextSession, local.subscribed());
        }
    }

    /** This process has the listener no more. */
    public void leave(DurableListener listener) {
        for (Local local : locals) {
            if (local.listener().equals(listener)) {
                locals.remove(local);
                names.remove(local.name());
                if (!closed.get()) {
                    leave(local);
                }
            }
        }
    }

    private void leave(Local local) {
        try {
            again(connection -> {
                listenerTable.leave(connection, session(), local.id());
                return true;
            });
        } catch (SQLException e) {
            Log.warn("it could not be written down that this process has no listener " + local.name()
                    + " any more: it looks as if it had, until the process ends", e);
        }
    }

    /** The durable listeners of this process. */
    List<Local> locals() {
        return locals;
    }

    /** The listener of this process that deliveries under this id are for; null where it has none. */
    @Nullable Local localOf(String listenerId) {
        Catalog known = catalog.get();
        return locals.stream()
                .filter(local -> local.ids(known).contains(listenerId))
                .findFirst()
                .orElse(null);
    }

    /** Every durable listener that nobody has retired. */
    public List<DurableListenerStatus> allListeners() {
        return database.ask(
                "the listeners cannot be read", connection -> listenerTable.list(connection, ttlMillis(), true));
    }

    /** The names of those listeners that no living process has. */
    Set<String> orphans(Connection connection) throws SQLException {
        return listenerTable.orphans(connection, ttlMillis());
    }

    /** Gives up a listener that no process has any more. */
    public int retire(String listenerName) {
        int removed = asked("listener " + listenerName + " cannot be retired", () -> {
            String id = database.brief(connection -> listenerTable.find(connection, listenerName));
            if (id == null) {
                return 0;
            }
            OptionalInt retired = again(connection -> listenerTable.retire(connection, id, ttlMillis()));
            if (retired.isEmpty()) {
                throw new IllegalStateException(
                        "listener " + listenerName + " is there, in this process or another: it can be retired "
                                + options.sessionTtl() + " after the last one has closed it");
            }
            for (String one : database.brief(listenerTable::retired)) {
                remove(one);
            }
            return retired.getAsInt();
        });
        Log.info("listener " + listenerName + " is retired, and " + removed + " deliveries with it");
        worker.wake();
        return removed;
    }

    /** Removes the deliveries of a listener that was given up. */
    void remove(String id) throws SQLException {
        while (again(connection -> listenerTable.remove(connection, id)) > 0) {
            // there may be more
        }
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

    // ---- membership ----

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
                throw new IllegalStateException("the connection is read-only: nothing can be published in its transaction");
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
