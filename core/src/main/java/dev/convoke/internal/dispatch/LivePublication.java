package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.Outcome;
import dev.convoke.event.PublicationRefusedException;
import dev.convoke.event.Receipt;
import dev.convoke.event.Refusal;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.internal.resolve.Roster;
import dev.convoke.internal.settle.Settlement;
import dev.convoke.internal.settle.Settling;
import dev.convoke.spi.ContextCarrier;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One publication from its start on: its deliveries, its deadline, and where it stands in a chain of publications.
 *
 * <p>Thread-safe.
 *
 * @param <E> the payload type
 */
public final class LivePublication<E> implements Settling, Outcome.Parts {
    private static final Delivery[] NONE = new Delivery[0];

    private static final VarHandle UNENDED;
    private static final VarHandle EVENT;
    private static final VarHandle ID;
    private static final VarHandle ENTERED;

    static {
        try {
            UNENDED = MethodHandles.lookup().findVarHandle(LivePublication.class, "unended", int.class);
            EVENT = MethodHandles.lookup().findVarHandle(LivePublication.class, "event", Event.class);
            ENTERED = MethodHandles.lookup().findVarHandle(LivePublication.class, "entered", boolean.class);
            ID = MethodHandles.lookup().findVarHandle(LivePublication.class, "id", String.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Dispatcher dispatcher;
    private final EventType<E> type;
    private final E payload;
    private final @Nullable String key;
    private final Envelope envelope;
    private final Lineage lineage;
    private final Roster roster;
    private final Settlement settlement;

    /** The first attempts, and hand-offs to the journal; none where the listeners are called directly. */
    private final Delivery[] firsts;

    /** What only few publications have. Written before it is shared. */
    private Extras extras = Extras.NONE;

    /**
     * When it was published, as {@link Dispatcher#elapsed} has it; 0 where nothing runs on another thread: that is when
     * somebody first asks. Written before it is shared.
     */
    private long publishedAt;

    /** Made when first asked for, then the same. */
    private volatile @Nullable Event<E> event;

    /** The same, without which the event of one below in a chain would have to make those of all above it. */
    private volatile @Nullable String id;

    /** Of the event's id; 0 where it is not known so far. */
    private final long number;

    /** Deliveries whose listener still occupies something, those that were called directly as one, and 1 for the walk. */
    private volatile int unended;

    /** Whether somebody wanted it to be cancelled, and so knows. */
    private volatile boolean cancelled;

    /** Whether the coordinator was closed inside one of its deliveries, which is not to be ended by that. */
    private volatile boolean spared;

    /** Whether it went into a list of the unfinished after it had begun. */
    private volatile boolean entered;

    /** Which list of the unfinished it is in, if any; the links are guarded by the stripe's lock. */
    volatile Unfinished.@Nullable Stripe stripe;

    @Nullable LivePublication<?> next;

    @Nullable LivePublication<?> previous;

    LivePublication(
            Dispatcher dispatcher, EventType<E> type, E payload, Roster roster, Envelope envelope, Lineage lineage) {
        this(dispatcher, type, payload, envelope.keyOf(type, payload), roster, envelope, lineage, Extras.NONE);
    }

    /** A publication of an event that was published before, as the extras say. */
    LivePublication(Dispatcher dispatcher, Event<E> event, Roster roster, Lineage lineage, Extras given) {
        this(
                dispatcher,
                event.type(),
                event.payload(),
                event.key().orElse(null),
                roster,
                Envelope.of(event),
                lineage,
                given);
        this.event = event;
        this.id = event.id();
    }

    private LivePublication(
            Dispatcher dispatcher,
            EventType<E> type,
            E payload,
            @Nullable String key,
            Roster roster,
            Envelope envelope,
            Lineage lineage,
            Extras given) {
        this.dispatcher = dispatcher;
        this.type = type;
        this.payload = payload;
        this.key = key;
        this.roster = roster;
        this.envelope = envelope;
        this.lineage = lineage;
        this.settlement = new Settlement(roster.size(), this, dispatcher.nesting());
        this.extras = given;
        this.firsts = new Delivery[roster.size()];
        for (int i = 0; i < firsts.length; i++) {
            firsts[i] = isHandedOff(roster.get(i)) ? new HandOff(this, i) : new Invocation(this, roster.get(i), i);
        }
        UNENDED.set(this, firsts.length + 1); // nobody else sees it before this is handed over
        this.number = 0;
        if (lineage.hasDeadline()) {
            ownExtras().deadline = new PublicationDeadline(this);
        }
        if (envelope.order() != Envelope.Order.CONCURRENT) {
            ownExtras().oneByOne = new OneByOne(this, envelope.order() == Envelope.Order.UNTIL_FAILURE);
        }
        record();
    }

    private void record() {
        PublicationRecord begun = PublicationRecord.begun();
        if (begun != null) {
            ownExtras().flightRecord = begun;
        }
    }

    private boolean isHandedOff(Registration registration) {
        return registration.isDurable() && extras.stored == null;
    }

    /** What only few publications have. */
    Extras extras() {
        return extras;
    }

    /** The same, to be written. Called before anything of this runs. */
    @SuppressWarnings("ReferenceEquality") // that very object
    Extras ownExtras() {
        if (extras == Extras.NONE) {
            extras = new Extras();
        }
        return extras;
    }

    /**
     * A publication that calls its listeners directly, of which the first have completed.
     *
     * @param contents of the settlement's slots
     */
    LivePublication(
            Dispatcher dispatcher,
            EventType<E> type,
            E payload,
            @Nullable String key,
            Roster roster,
            Lineage lineage,
            long number,
            @Nullable Object[] contents,
            int completed) {
        this.dispatcher = dispatcher;
        this.type = type;
        this.payload = payload;
        this.key = key;
        this.roster = roster;
        this.envelope = Envelope.EMPTY;
        this.lineage = lineage;
        this.settlement = new Settlement(contents, completed, this, dispatcher.nesting());
        this.firsts = NONE;
        UNENDED.set(this, 2);
        this.number = number;
        record();
    }

    /** This publication, refused before anything of it has started. */
    LivePublication<E> refused(Refusal reason, String why) {
        String message = "event " + type.name() + " was refused: " + why;
        LivePublication<E> twin = new LivePublication<>(
                dispatcher,
                type,
                payload,
                key,
                Roster.EMPTY,
                envelope,
                lineage,
                Extras.of(new PublicationRefusedException(reason, message)));
        twin.event = event;
        twin.id = id;
        twin.walked();
        dispatcher.unobserved().addRefused(twin);
        return twin;
    }

    // ---- ending ----

    /** Starts the clock, where there is one; times everything out at once where it has run out already. */
    void startDeadline() {
        if (extras.deadline != null) {
            extras.deadline.start();
        }
    }

    /** Its time is over. */
    void timeOut() {
        Duration after = Duration.ofNanos(lineage.allowedNanos());
        List<Delivery> stopped = stopped(delivery -> delivery.stopAfter(after));
        Delivery.finish(stopped, dispatcher.threads()::asideOrHere, Runnable::run);
    }

    /** Every delivery was started or refused. */
    void walked() {
        if (isDirect() ? settlement.hasOpen() : unended > 1) {
            enterUnfinished();
        }
        settlement.walked();
        invocationEnded();
        if (unended > 0 && !spared && dispatcher.unfinished().isDrained()) {
            cancel(); // nobody is left who would
        }
    }

    /** Is in the list of the unfinished from now on, if it was not; also while it is walked over. */
    void enterUnfinished() {
        if (stripe == null && !entered && ENTERED.compareAndSet(this, false, true)) {
            dispatcher.unfinished().addLate(this);
        }
    }

    /** A delivery occupies nothing any more, or the walk is over. Called once for each. */
    void invocationEnded() {
        int left = (int) UNENDED.getAndAdd(this, -1) - 1;
        Unfinished.Stripe entered = stripe;
        if (left == 0 && entered != null) {
            dispatcher.unfinished().remove(this, entered);
        }
        if (left == 0) {
            lineage.forgetEnded();
            endStored();
        }
        dispatcher.unfinished().ended();
    }

    private void endStored() {
        StoredDelivery stored = extras.stored;
        if (stored != null) {
            stored.ended().complete(settlement.resultOf(0));
        }
    }

    /** Whether all has ended that belongs to it, the calls of its listeners and their stages included. */
    boolean hasEnded() {
        return unended == 0;
    }

    private boolean isDirect() {
        return number != 0;
    }

    @Override
    public void allSettled() {
        if (isDirect()) {
            invocationEnded();
        }
        Extras known = extras;
        if (known.deadline != null) {
            known.deadline.remove();
        }
        if (known.flightRecord != null) {
            known.flightRecord.end(this, settlement.outcome());
        }
        if (isWatched()) {
            dispatcher.observers().tell(o -> o.onOutcome(event(), settlement.outcome()));
        }
    }

    @Override
    public void failedUnobserved(DeliveryResult failure) {
        boolean isJournals = extras.stored != null; // which tries it again, or keeps it as dead
        if (!isJournals && !(cancelled && failure instanceof DeliveryResult.Cancelled)) {
            dispatcher.unobserved().add(this, failure);
        }
    }

    @Override
    public Outcome outcomeOf(Supplier<List<DeliveryResult>> results) {
        PublicationRefusedException refused = refusal();
        return refused == null
                ? Outcome.of(this, settlement.hasFailure())
                : Outcome.refused(id(), refused.refusal(), String.valueOf(refused.getMessage()));
    }

    @Override
    public DeliveryResult succeeded(int index, @Nullable Object value) {
        return Results.succeeded(delivery(index), value);
    }

    @Override
    public String eventId() {
        return id();
    }

    @Override
    public List<DeliveryResult> results() {
        return settlement.get();
    }

    /** Cancels the deliveries that have not ended, on this thread; false when there was none. */
    public boolean cancel() {
        return !cancel(delivery -> true, Runnable::run).isEmpty();
    }

    /** Cancels those of the deliveries that have not ended, and returns them; user code runs there. */
    List<Delivery> cancel(Predicate<Delivery> which, Executor userCode) {
        cancelled = true;
        List<Delivery> stopped = stopped(delivery -> which.test(delivery) && delivery.stopCancelled());
        Delivery.finish(stopped, userCode, userCode);
        return stopped;
    }

    void spare() {
        spared = true;
    }

    private List<Delivery> stopped(Predicate<Delivery> stopping) {
        return deliveries().stream().filter(stopping).toList();
    }

    // ---- what others ask ----

    /** Whether observers are told of it; what becomes of a delivery of the journal's, the journal tells. */
    boolean isWatched() {
        return !dispatcher.observers().isEmpty() && extras.stored == null;
    }

    /** The delivery's result counts. */
    void arrived(int index) {
        OneByOne oneByOne = extras.oneByOne;
        if (oneByOne != null) {
            oneByOne.arrived(index);
        }
    }

    /** Gives this thread's context to the listeners. Called before anything of it runs. */
    void carry(List<ContextCarrier> carriers) {
        Carried captured = Carried.capture(carriers);
        if (captured != null) {
            ownExtras().carried = captured;
        }
    }

    /** The time is now. Called before anything of it runs on another thread. */
    void takeTime() {
        publishedAt = dispatcher.elapsed();
    }

    /** The envelope, made when first asked for. */
    public Event<E> event() {
        Event<E> known = event;
        if (known != null) {
            return known;
        }
        EVENT.compareAndSet(this, null, makeEvent());
        return event();
    }

    private Event<E> makeEvent() {
        Instant when = publishedAt == 0 ? dispatcher.instant() : dispatcher.instantAt(publishedAt);
        Map<String, String> attributes = extras.withCarried(envelope.attributes());
        return new Event<>(id(), type, payload, key, envelope.sourceOrDefault(), when, attributes, lineage.parentId());
    }

    /** The event's id, made when first asked for. */
    String id() {
        String known = id;
        if (known != null) {
            return known;
        }
        ID.compareAndSet(
                this,
                null,
                envelope.id() != null ? envelope.id() : dispatcher.ids().idOf(number != 0 ? number : Ids.nextNumber()));
        return id();
    }

    /** What it was refused with, or null. */
    public @Nullable PublicationRefusedException refusal() {
        return extras.refusal;
    }

    /** Everything that a caller may wait for. */
    public Settlement settlement() {
        return settlement;
    }

    EventType<E> type() {
        return type;
    }

    E payload() {
        return payload;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    Lineage lineage() {
        return lineage;
    }

    /** The latest attempt of each delivery; where they were called directly, those that had not completed at once. */
    List<Delivery> deliveries() {
        return isDirect()
                ? settlement.places().<Delivery>map(Pending.class::cast).toList()
                : Arrays.stream(firsts).map(Delivery::latest).toList();
    }

    private Delivery delivery(int index) {
        return isDirect()
                ? settlement.place(index) instanceof Pending pending ? pending : new Pending(this, index)
                : firsts[index].latest();
    }

    Registration registration(int index) {
        return roster.get(index);
    }

    /** The first attempt of a delivery, or its hand-off to the journal. */
    Delivery first(int index) {
        return firsts[index];
    }

    /** The first attempt of a delivery that is not handed off. */
    Invocation invocation(int index) {
        return (Invocation) firsts[index];
    }

    int size() {
        return roster.size();
    }

    @Nullable String key() {
        return key;
    }

    /** How long ago it was published, where that is known. */
    Duration sincePublished() {
        return Duration.ofNanos(publishedAt == 0 ? 0 : Math.max(0, dispatcher.elapsed() - publishedAt));
    }

    /** A future of whether the journal has the event; null where no durable listener wants it. */
    public @Nullable CompletableFuture<Receipt> askAcceptance() {
        Acceptance acceptance = extras.acceptance;
        return acceptance == null ? null : acceptance.ask();
    }
}
