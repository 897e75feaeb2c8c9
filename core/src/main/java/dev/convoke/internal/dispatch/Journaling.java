package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.event.PublicationNotAcceptedException.Certainty;
import dev.convoke.event.Receipt;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.internal.resolve.Roster;
import dev.convoke.spi.ContextCarrier;
import dev.convoke.spi.EventJournal;
import dev.convoke.spi.EventJournal.Interest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where a coordinator and its journal meet: events go to the journal from here, and the journal's deliveries to the listeners.
 *
 * <p>Thread-safe.
 */
public final class Journaling {
    /** For what a journal has to write down when all its deliveries have ended; a restart would find out the rest. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    static final String NOT_KNOWN = "the journal's database has not answered for too long, so it is not known whether a"
            + " durable listener elsewhere wants this event; the event was not stored";

    private final Dispatcher dispatcher;
    private final EventJournal journal;
    private final List<ContextCarrier> carriers;
    private final Contexts contexts = new Contexts();

    Journaling(Dispatcher dispatcher, EventJournal journal, List<ContextCarrier> carriers) {
        this.dispatcher = dispatcher;
        this.journal = journal;
        this.carriers = carriers;
    }

    /** Whose journal it is. */
    public Dispatcher dispatcher() {
        return dispatcher;
    }

    /** The journal itself. */
    public EventJournal journal() {
        return journal;
    }

    /** The dead letters that it keeps. */
    public KeptDeadLetters deadLetters() {
        return new KeptDeadLetters(dispatcher, journal);
    }

    Contexts contexts() {
        return contexts;
    }

    // ---- to the journal ----

    /** Whether durable listeners want such an event; the journal is not asked about those of this coordinator. */
    Interest interestIn(EventType<?> type, Roster roster) {
        return roster.isAnyDurable() ? Interest.SOME : journal.interestIn(type);
    }

    /** Makes a publication ready for the journal, or says that it does not get there. Called before the walk. */
    void prepare(LivePublication<?> publication, Interest interest) {
        Acceptance acceptance = new Acceptance();
        Extras extras = publication.ownExtras();
        extras.acceptance = acceptance;
        if (interest == Interest.UNKNOWN) {
            acceptance.refuse(publication, NOT_KNOWN, null);
        } else if (extras.carried != null) {
            divide(publication, extras.carried, acceptance);
        }
    }

    private void divide(LivePublication<?> publication, Carried carried, Acceptance acceptance) {
        Carried.Divided divided;
        try {
            divided = carried.divide();
        } catch (IllegalStateException e) {
            fail(
                    publication,
                    acceptance,
                    Acceptance.refusal(publication, e.getMessage() + "; the event was not stored", e));
            return;
        }
        publication.ownExtras().carriedAttributes = divided.attributes();
        publication.ownExtras().remembered = durable(publication).isEmpty() ? null : divided.withoutText();
    }

    /** The ids of the listeners that the publication is handed over for. */
    private static Set<String> durable(LivePublication<?> publication) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < publication.size(); i++) {
            if (publication.first(i) instanceof HandOff handOff) {
                ids.add(handOff.listenerId());
            }
        }
        return ids;
    }

    /**
     * Hands a publication to the journal. From here on the event may be stored: whoever refuses the publication has done so
     * before.
     *
     * @param maxWait how long this thread may wait for room in the journal's queue
     */
    void handOver(LivePublication<?> publication, Acceptance acceptance, Duration maxWait) {
        Carried remembered = publication.extras().remembered;
        if (remembered != null) {
            contexts.keep(publication.event(), remembered, durable(publication));
        }
        try {
            journal.append(publication.event(), maxWait)
                    .whenComplete((receipt, failure) ->
                            onOwnThread(() -> answered(publication, acceptance, receipt, failure)));
        } catch (Throwable e) { // which it must not throw
            fail(publication, acceptance, unknown(publication, e));
        }
    }

    private static PublicationNotAcceptedException unknown(LivePublication<?> publication, Throwable thrown) {
        return new PublicationNotAcceptedException(
                Certainty.UNKNOWN,
                publication.event().source(),
                publication.id(),
                "the journal threw " + thrown,
                thrown);
    }

    /** What the journal says is heard on a thread that a listener could have: the journal's own are not for users' code. */
    private void onOwnThread(Runnable task) {
        try {
            dispatcher.threads().listeners().execute(task);
        } catch (OutOfMemoryError | RuntimeException noThread) {
            dispatcher.threads().asideOrHere(task);
        }
    }

    private void answered(
            LivePublication<?> publication,
            Acceptance acceptance,
            @Nullable Receipt receipt,
            @Nullable Throwable failure) {
        if (failure == null) {
            Event<?> event = publication.event();
            acceptance.accept(receipt != null ? receipt : new Receipt(event.source(), event.id()));
            return;
        }
        Throwable cause = Results.unwrapped(failure);
        Carried remembered = publication.extras().remembered;
        if (remembered != null && Acceptance.isNothingStored(cause)) {
            contexts.forget(publication.event(), remembered);
        }
        fail(publication, acceptance, cause);
    }

    private void fail(LivePublication<?> publication, Acceptance acceptance, Throwable cause) {
        acceptance.fail(cause);
        if (durable(publication).isEmpty()) {
            dispatcher.unobserved().addNotAccepted(publication, cause); // there is no result that would be reported
        }
    }

    // ---- from the journal ----

    /** Makes a delivery of the journal's. The stage completes when the listener has ended, or did not start. */
    <E> CompletionStage<DeliveryResult> deliver(
            Event<E> event, Registration registration, String idempotencyKey, int attempt, Object resource) {
        Roster roster = Roster.of(registration);
        StoredDelivery stored = new StoredDelivery(idempotencyKey, attempt, resource, new CompletableFuture<>());
        LivePublication<E> publication = dispatcher.stored(event, roster, stored);
        if (!carriers.isEmpty()) {
            publication.ownExtras().carried = Carried.ofStored(carriers, event, contexts.of(event));
        }
        if (registration.onlyIf() == null) {
            walk(publication, roster, stored);
        } else {
            onOwnThread(() -> walk(publication, roster, stored)); // the predicate is a user's
        }
        return stored.ended();
    }

    private void walk(LivePublication<?> publication, Roster roster, StoredDelivery stored) {
        if (dispatcher.unfinished().isClosed()
                || !Walk.withoutWaiting(publication).go(roster)) {
            stored.ended().complete(Results.skipped(publication.invocation(0), Reason.UNSUBSCRIBED));
        }
    }

    void retried(Event<?> event, DeliveryResult failed, int attempt, Duration delay) {
        dispatcher.observers().tell(o -> o.onRetry(event, failed, attempt, delay));
    }

    void ended(Event<?> event, String listener, DeliveryResult result) {
        if (!carriers.isEmpty()) {
            contexts.ended(event, listener);
        }
        dispatcher.observers().tell(o -> o.onResult(event, result));
    }

    void died(String id, Event<?> event, String listener, int attempts, Throwable cause) {
        dispatcher.deadLetters().tellOfKept(KeptDeadLetters.idOf(id), event, listener, attempts, cause);
    }

    // ---- closing ----

    void stop() {
        journal.stop();
    }

    /** Lets the journal write down what it knows, also where this thread is interrupted, which it then still is. */
    void close() {
        boolean interrupted = Thread.interrupted();
        try {
            journal.close(GRACE);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
