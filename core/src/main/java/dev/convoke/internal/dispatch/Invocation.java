package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.internal.resolve.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a delivery: its task on an executor, the callback of its stage, the context that its listener sees.
 *
 * <p>Thread-safe. User code is called from here with no lock held.
 */
public final class Invocation extends Call implements Runnable, BiConsumer<@Nullable Object, @Nullable Throwable> {
    /*
     * Concurrency
     * -----------
     * An attempt that has ended without a result of the delivery's is followed by `tries.next`. Who makes that writes it
     * and then reads the slot; a stopper writes the slot and then halts the `latest`: one of the two sees the other.
     * Where a time-out is to be followed by another attempt, `tries.verdict` decides between it and the listener's completion.
     */

    /** Inline calls nested deeper than this on one thread go to an executor: a dozen frames each fit every stack. */
    static final int DEEPEST_INLINE = 64;

    private final @Nullable Tries tries;

    /** What the listener returned, once it is awaited. */
    private volatile @Nullable CompletionStage<?> stage;

    /** Whether it was reported as slow. */
    private volatile boolean slowReported;

    Invocation(LivePublication<?> publication, Registration registration, int index) {
        super(publication, registration, index);
        this.tries = registration.isTimedOrRetried() ? new Tries(this, null, 0) : null;
    }

    private Invocation(Invocation attempt, DeliveryResult ended, Tries before) {
        super(attempt);
        this.tries = new Tries(this, ended, before.firstStartedAt == 0 ? attempt.startedAt() : before.firstStartedAt);
    }

    @Override
    @Nullable Tries tries() {
        return tries;
    }

    private @Nullable DeliveryResult before() {
        return tries == null ? null : tries.before;
    }

    // ---- starting ----

    /** On the executor. */
    @Override
    public void run() {
        @Nullable Object[] slot = Current.slot();
        Invocation below = Current.get(slot);
        if (below != null && below.depthOnThread() >= DEEPEST_INLINE) {
            dispatcher().threads().asideOrHere(this::runHere); // an executor that runs on the caller's thread
        } else {
            runHere(slot);
        }
    }

    /** On the publisher's thread, or on the executor's. */
    void runHere() {
        runHere(Current.slot());
    }

    private void runHere(@Nullable Object[] slot) {
        if (begin()) {
            callListener(slot);
        }
    }

    private boolean begin() {
        if (!enterThread()) {
            return false;
        }
        DeliveryResult instead = insteadOfStarting();
        if (instead != null) {
            leaveThread();
            complete(instead);
            return false;
        }
        startTimers();
        return true;
    }

    /** What comes of it where it may not start after all; else it may, which for a listener that runs once is claimed. */
    private @Nullable DeliveryResult insteadOfStarting() {
        Registration.State now = registration.state();
        if (now != Registration.State.OPEN || publication.settlement().isPut(index)) {
            return insteadOfStarting(now);
        }
        return before() != null || registration.claim() ? null : Results.skipped(this, Reason.UNSUBSCRIBED);
    }

    private DeliveryResult insteadOfStarting(Registration.State now) {
        DeliveryResult before = before();
        return before != null ? before : Results.skipped(this, now);
    }

    /** Its listener was closed or paused: what is held back gives up. The caller goes on with {@code finish}. */
    boolean stopHeldBack() {
        Registration.State now = registration.state();
        boolean isHeldBack = state() == State.NEW && (ticket() != null || before() != null);
        return isHeldBack && now != Registration.State.OPEN && stop(insteadOfStarting(now));
    }

    private void startTimers() {
        long timeout = registration.timeoutNanos();
        if (!isInline() || timeout > 0 || dispatcher().isTiming()) {
            startNow();
            dispatcher().slowWatch().started(this);
        }
        if (timeout > 0) {
            dispatcher().deadlines().add(Objects.requireNonNull(tries), timeoutAt());
        }
    }

    private void callListener(@Nullable Object[] slot) {
        enterListener(this, slot);
        CompletionStage<?> returned = null;
        Throwable thrown = null;
        boolean interrupted;
        try {
            recordStart();
            dispatcher().observers().started(this);
            Carried carried = publication.extras().carried;
            returned = carried == null ? listener() : carried.around(this::listener);
        } catch (Throwable e) {
            thrown = e;
        } finally {
            slot[Current.INVOCATION] = around(); // first, and at once: a stack that has run out has no room for more
            leaveListener(slot);
            interrupted = leaveThread();
        }
        restoreInterrupt(thrown, interrupted);
        returned(returned, thrown);
    }

    private @Nullable CompletionStage<?> listener() throws Exception {
        return registration.listener().onEvent(publication.payload(), this);
    }

    @SuppressWarnings("ReferenceEquality") // that very object says so
    private void returned(@Nullable CompletionStage<?> returned, @Nullable Throwable thrown) {
        if (thrown != null) {
            complete(Results.thrown(this, thrown));
        } else if (returned == null) {
            complete(Results.thrown(this, Results.nullStage(publication.type().name(), listenerId())));
        } else {
            Object value = Stages.valueOf(returned);
            if (value == Stages.NO_VALUE) {
                await(returned);
            } else {
                completeWith(value);
            }
        }
    }

    // ---- ending by itself ----

    private void await(CompletionStage<?> returned) {
        if (startedAt() == 0) {
            startNow();
        }
        takePermitIfNone();
        stage = returned;
        if (isCancelled() || publication.settlement().isPut(index)) {
            endStopped();
            Stages.cancel(returned, this);
        }
        try {
            returned.whenComplete(this);
        } catch (Throwable e) {
            complete(Results.thrown(this, e));
        }
    }

    /** The listener's stage has completed. */
    @Override
    public void accept(@Nullable Object value, @Nullable Throwable failure) {
        if (state() != State.AWAITING) {
            completedWhenEnded(failure);
        } else {
            completed(value, failure);
        }
    }

    private void completed(@Nullable Object value, @Nullable Throwable failure) {
        if (failure == null) {
            completeWith(value);
        } else {
            complete(Results.failedStage(this, failure));
        }
    }

    private void completedWhenEnded(@Nullable Throwable failure) {
        if (isCancelled() && !(failure instanceof CancellationException)) {
            dispatcher().observers().late(this);
        }
    }

    /** The listener has succeeded: its result is made when somebody asks for it, where nobody is told now. */
    private void completeWith(@Nullable Object value) {
        if (tries != null || publication.isWatched() || isRecorded()) {
            complete(Results.succeeded(this, value));
        } else if (advance(State.AWAITING, State.ENDED)) {
            endNow();
            release();
            boolean counts = publication.settlement().putValue(index, value);
            publication.invocationEnded();
            if (counts) {
                publication.settlement().arriveValue(index);
                publication.arrived(index);
            }
        }
    }

    private void complete(DeliveryResult result) {
        if (!advance(State.AWAITING, State.ENDED)) {
            return;
        }
        DeliveryResult counts = verdictOr(result);
        boolean isLate = !isSame(counts, result);
        if (!isRetried(counts)) {
            release();
            isLate |= !endWith(counts);
        }
        if (isLate && result.attempts() > 0 && !(result instanceof DeliveryResult.Cancelled)) {
            dispatcher().observers().late(this);
        }
    }

    /** By identity, which is what is meant; a record's own equals would also keep its class loader, in the JDK's caches. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(DeliveryResult one, DeliveryResult other) {
        return one == other;
    }

    /** For a delivery that has ended: makes the result count unless there is one, and says whether it does. */
    private boolean endWith(DeliveryResult result) {
        boolean counts = publication.settlement().put(index, result);
        if (counts) {
            recordResult(result);
            dispatcher().observers().settled(publication, result);
        }
        publication.invocationEnded();
        if (counts) {
            arrive();
        }
        return counts;
    }

    /** The delivery's result counts from now on. */
    @Override
    public void arrive() {
        dispatcher().deadLetters().addIfDead(this, publication.settlement().resultOf(index));
        publication.settlement().arrive(index);
        publication.arrived(index);
    }

    // ---- trying again ----

    /** What this attempt ended with: this result, unless it had timed out before. */
    private DeliveryResult verdictOr(DeliveryResult result) {
        if (tries == null || registration.timeoutNanos() == 0 || tries.decide(result)) {
            return result;
        }
        DeliveryResult known = tries.verdict();
        return known == null ? result : known;
    }

    /** Goes on with another attempt where there is to be one, and says whether there is. */
    private boolean isRetried(DeliveryResult result) {
        if (tries == null || publication.settlement().isPut(index) || registration.state() != Registration.State.OPEN) {
            return false;
        }
        if (result instanceof DeliveryResult.TimedOut) { // that another attempt follows was decided with the time-out
            retry(tries, result, tries.nextDue);
            return true;
        }
        boolean again = result instanceof DeliveryResult.Failed && Retries.isWorthAnother(this, result);
        if (again) {
            retry(tries, result, Retries.nextDue(this));
        }
        return again;
    }

    private void retry(Tries mine, DeliveryResult result, long due) {
        dispatcher().deadlines().remove(mine);
        Invocation another = new Invocation(this, result, mine);
        mine.next = another;
        publication.enterUnfinished(); // where who closes the listener looks for it
        another.waitUntil(due);
        dispatcher().observers().retried(another, result, due);
    }

    private void waitUntil(long due) {
        Gate.Ticket place = ticket();
        if (place != null) {
            place.passTo(this);
        }
        dispatcher().deadlines().add(Objects.requireNonNull(tries), due);
        if (publication.settlement().isPut(index) || registration.state() != Registration.State.OPEN) {
            endUnstarted(insteadOfStarting(registration.state()));
        }
    }

    /** Goes to its executor, with a permit that was taken for it. */
    void startAdmitted() {
        if (givePermit()) {
            dispatcher().handOn(this);
        }
    }

    // ---- ending otherwise ----

    /** Does not start; the result is this one, unless it has one. Says whether it had not started. */
    boolean endUnstarted(DeliveryResult result) {
        boolean ended = advance(State.NEW, State.ENDED);
        if (ended) {
            release();
            endWith(result);
        }
        return ended;
    }

    /** The executor did not take it, or was not asked. */
    void refuse(Reason reason, @Nullable Throwable cause) {
        if (!endUnstarted(Results.rejected(this, reason, cause)) && cause != null) {
            Log.warn("an executor took " + this + " and threw all the same", cause);
        }
    }

    /** Its time-out has come, or another attempt's time. */
    void due() {
        Tries mine = Objects.requireNonNull(tries);
        DeliveryResult known = mine.verdict();
        if (state() == State.NEW) {
            dispatcher().handOn(this);
        } else if (known == null ? !isTimeOutRetried(mine) : isOverdue(known)) {
            timeOut();
        }
    }

    /** Whether it should have ended after its time-out, as another attempt is due, and has not. */
    private boolean isOverdue(DeliveryResult known) {
        return known instanceof DeliveryResult.TimedOut && state() != State.ENDED;
    }

    /** Ends this attempt alone where another one may follow; says whether that is so, or it has ended. */
    private boolean isTimeOutRetried(Tries mine) {
        DeliveryResult timedOut = timedOut(Duration.ofNanos(registration.timeoutNanos()));
        if (!Retries.isWorthAnother(this, timedOut)) {
            return false;
        }
        mine.nextDue = Retries.nextDue(this);
        if (mine.decide(timedOut)) {
            setStopped();
            dispatcher().deadlines().add(mine, mine.nextDue); // by when it has to have ended
            halt();
            tellListener();
        }
        return true;
    }

    private void timeOut() {
        if (stopAfter(Duration.ofNanos(registration.timeoutNanos()))) {
            Delivery.finish(List.of(this), dispatcher().threads()::asideOrHere, Runnable::run);
        }
    }

    /** Times it out, unless it has its result. The caller goes on with {@link Delivery#finish}. */
    @Override
    public boolean stopAfter(Duration allowed) {
        return stop(timedOut(allowed));
    }

    private DeliveryResult timedOut(Duration allowed) {
        return new DeliveryResult.TimedOut(listenerId(), took(), attempts(), allowed);
    }

    /** Cancels it, unless it has its result. The caller goes on with {@link Delivery#finish}. */
    @Override
    public boolean stopCancelled() {
        return stop(new DeliveryResult.Cancelled(listenerId(), took(), attempts()));
    }

    private boolean stop(DeliveryResult result) {
        if (!publication.settlement().put(index, result)) {
            return false;
        }
        setStopped();
        recordResult(result);
        dispatcher().observers().settled(publication, result);
        return true;
    }

    /** Ends what a stopped delivery occupies, as far as that is ours to end. Runs no user code of this delivery's. */
    @Override
    public void halt() {
        takeCallbacks();
        if (advance(State.NEW, State.ENDED)) {
            release();
            publication.invocationEnded();
            return;
        }
        interruptRunner();
        if (stage != null) {
            endStopped();
        }
    }

    private void endStopped() {
        if (!advance(State.AWAITING, State.ENDED)) {
            return;
        }
        DeliveryResult timedOut = tries == null ? null : tries.verdict();
        if (timedOut == null || !isRetried(timedOut)) {
            release();
            endHalted(timedOut);
        }
    }

    /** The time-out of an attempt is that of the delivery where there was to be another attempt, but not any more. */
    private void endHalted(@Nullable DeliveryResult timedOut) {
        if (timedOut == null) {
            publication.invocationEnded();
        } else {
            endWith(timedOut);
        }
    }

    /** Whether there is anything to tell the listener of a delivery that was halted. */
    @Override
    public boolean hasToTell() {
        return stage != null || hasCallbacks();
    }

    /** Cancels the stage and runs the callbacks of a delivery that was halted: user code. */
    @Override
    public void tellListener() {
        CompletionStage<?> awaited = stage;
        if (awaited != null) {
            Stages.cancel(awaited, this);
        }
        runCallbacks();
    }

    // ---- what others ask ----

    /** The delivery's latest attempt: this one, or one that followed. */
    @Override
    public Invocation latest() {
        Invocation latest = this;
        for (Tries mine = tries; mine != null; mine = latest.tries) {
            Invocation following = mine.next;
            if (following == null) {
                break;
            }
            latest = following;
        }
        return latest;
    }

    /** Whether the delivery has its result and occupies nothing any more. */
    @Override
    public boolean hasEnded() {
        return latest().state() == State.ENDED && publication.settlement().isPut(index);
    }

    /** How often the listener was tried. */
    @Override
    public int attempts() {
        return hasStarted() ? attempt() : attempt() - 1;
    }

    /** Says once that it is to be reported. Confined to the slow watch, which looks on one thread at a time. */
    @Override
    public boolean reportSlowOnce() {
        boolean first = !slowReported;
        slowReported = true;
        return first && (!isInline() || registration.reportSlowOnce());
    }
}
