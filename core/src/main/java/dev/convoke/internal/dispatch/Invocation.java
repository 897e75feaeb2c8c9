package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.internal.check.Check;
import dev.convoke.internal.resolve.Registration;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One delivery: its task on an executor, the callback of its stage, the context that its listener sees.
 *
 * <p>Thread-safe. User code is called from here with no lock held.
 */
public final class Invocation extends DeliveryContext
        implements Runnable, BiConsumer<@Nullable Object, @Nullable Throwable> {
    /*
     * Concurrency
     * -----------
     * Two facts are apart. What the delivery's result is: its slot in the settlement, written once by whoever comes
     * first of completion, time-out, cancellation, refusal. Whether its listener still occupies something: `state`,
     * moved by `advance` alone.
     *
     *   NEW ──start (executor's thread)──▶ RUNNING ──listener returned──▶ AWAITING ──stage completed──▶ ENDED
     *    │                                  │  ▲ finisher waits, clears the flag │
     *    │                                  ▼  │                                 └─stopped: its stage is cancelled─▶ ENDED
     *    │                     INTERRUPTING ─▶ INTERRUPTED  (canceller's or pool's thread)
     *    └──stopped or refused before it started──▶ ENDED
     *
     * A stopper writes the slot, then reads `state` and `stage`; the starter writes `state` and then reads the slot, and
     * writes `stage` and then reads the slot: one of the two sees the other. The starter reads `closed` of its
     * registration last, after it became RUNNING (P5).
     */
    enum State {
        NEW,
        RUNNING,
        INTERRUPTING,
        INTERRUPTED,
        AWAITING,
        ENDED
    }

    /** Inline calls nested deeper than this on one thread go to an executor: a dozen frames each fit every stack. */
    static final int DEEPEST_INLINE = 64;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Invocation.class, "state", State.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int index;
    private final CancelCallbacks callbacks = new CancelCallbacks();

    /** See above. Written only by {@link #advance}. */
    private volatile State state = State.NEW;

    /** Whether it was cancelled or timed out; its slot was written before. */
    private volatile boolean stopped;

    /** What the listener returned, once it is awaited. */
    private volatile @Nullable CompletionStage<?> stage;

    /** The thread that calls the listener, written before RUNNING. */
    private volatile @Nullable Thread runner;

    /** Whether a permit of the in-flight limit is its own; written before it can end. */
    private boolean counted;

    /** The delivery around it on the thread that calls its listener, meanwhile; confined to that thread. */
    private @Nullable Invocation around;

    /** Who hands it to its executor, meanwhile: read by whom it is handed to, who may be the same thread. */
    private @Nullable Thread handedOnBy;

    /** Whether it runs on the publisher's thread; written before it starts. */
    private boolean inline;

    /** How many deliveries are on this thread's stack, this one included; confined to that thread. */
    private int depthOnThread;

    /** Whether it was reported as slow. */
    private volatile boolean slowReported;

    Invocation(LivePublication<?> publication, Registration registration, int index) {
        super(publication, registration);
        this.index = index;
    }

    /** Moves the state and says whether it was as expected. */
    private boolean advance(State from, State to) {
        return STATE.compareAndSet(this, from, to);
    }

    // ---- starting ----

    /** Says where it is to run, before it does; on an executor it has a permit if it was admitted. */
    void place(boolean inline, boolean admitted) {
        this.inline = inline;
        this.counted = !inline && admitted;
    }

    /** Hands it on. What the executor throws is the caller's. */
    void handTo(Executor executor) {
        handedOnBy = Thread.currentThread();
        try {
            executor.execute(this);
        } finally {
            handedOnBy = null;
        }
    }

    /** On the executor. */
    @Override
    public void run() {
        Invocation below = Current.get();
        if (below != null && below.depthOnThread >= DEEPEST_INLINE) {
            dispatcher().threads().asideOrHere(this::runHere); // an executor that runs on the caller's thread
        } else {
            runHere();
        }
    }

    /** On the publisher's thread, or on the executor's. */
    void runHere() {
        if (begin()) {
            callListener();
        }
    }

    private boolean begin() {
        if (state != State.NEW) {
            return false; // stopped, or an executor that runs it twice
        }
        runner = Thread.currentThread();
        if (!advance(State.NEW, State.RUNNING)) {
            return false;
        }
        if (registration.state() != Registration.State.OPEN
                || publication.settlement().isPut(index)) {
            leaveThread();
            complete(Results.unsubscribed(this));
            return false;
        }
        startTimers();
        return true;
    }

    private void startTimers() {
        long timeout = registration.timeoutNanos();
        if (!inline || timeout > 0 || dispatcher().isTiming()) {
            startNow();
            dispatcher().slowWatch().started(this);
        }
        if (timeout > 0) {
            dispatcher().deadlines().add(this, startedAt() + timeout);
        }
    }

    private void callListener() {
        around = Current.enter(this);
        depthOnThread = around == null ? 1 : around.depthOnThread + 1;
        CompletionStage<?> returned = null;
        Throwable thrown = null;
        boolean interrupted;
        try {
            publication.tellStart(this);
            returned = registration.listener().onEvent(publication.payload(), this);
        } catch (Throwable e) {
            thrown = e;
        } finally {
            Current.leave(around);
            interrupted = leaveThread();
        }
        restoreInterrupt(thrown, interrupted);
        around = null;
        returned(returned, thrown);
    }

    /** From here on no interrupt of ours can reach this thread, and none that did stays behind; says if one did. */
    @SuppressWarnings("ThreadPriorityCheck") // it waits for two statements of another thread, wherever that runs
    private boolean leaveThread() {
        boolean undisturbed = advance(State.RUNNING, State.AWAITING);
        if (!undisturbed) {
            while (state == State.INTERRUPTING) {
                Thread.yield(); // the stopper is between two of its statements
            }
            Thread.interrupted();
            advance(State.INTERRUPTED, State.AWAITING);
        }
        runner = null;
        return !undisturbed;
    }

    /** Gives an interrupt back that was meant for who is around this listener on the thread, not for the listener. */
    private void restoreInterrupt(@Nullable Throwable thrown, boolean wasOurs) {
        boolean publishers = thrown instanceof InterruptedException && !wasOurs && (inline || isOnPublishersThread());
        if (publishers || (around != null && around.state == State.INTERRUPTED)) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOnPublishersThread() {
        return Thread.currentThread().equals(handedOnBy);
    }

    private void returned(@Nullable CompletionStage<?> returned, @Nullable Throwable thrown) {
        if (thrown != null) {
            complete(Results.thrown(this, thrown));
        } else if (returned == null) {
            complete(Results.thrown(this, Results.nullStage(this)));
        } else if (returned.getClass() == CompletableFuture.class // others may refuse to be asked, as minimal stages do
                && ((CompletableFuture<?>) returned).isDone()
                && !((CompletableFuture<?>) returned).isCompletedExceptionally()) {
            complete(Results.succeeded(this, ((CompletableFuture<?>) returned).join()));
        } else {
            await(returned);
        }
    }

    // ---- ending by itself ----

    private void await(CompletionStage<?> returned) {
        if (startedAt() == 0) {
            startNow();
        }
        if (!counted) {
            dispatcher().limit().take(1);
            counted = true;
        }
        stage = returned;
        if (publication.settlement().isPut(index)) {
            endStopped();
            cancelStage(returned);
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
        if (state != State.AWAITING) {
            completedWhenEnded(failure);
        } else {
            complete(failure == null ? Results.succeeded(this, value) : Results.failedStage(this, failure));
        }
    }

    private void completedWhenEnded(@Nullable Throwable failure) {
        if (stopped && !(failure instanceof CancellationException)) {
            publication.tellLate(this);
        }
    }

    private void complete(DeliveryResult result) {
        if (end() && !endWith(result) && result.attempts() > 0 && !(result instanceof DeliveryResult.Cancelled)) {
            publication.tellLate(this);
        }
    }

    /** Gives back what the delivery occupied; says whether it still did. */
    private boolean end() {
        if (!advance(State.AWAITING, State.ENDED)) {
            return false;
        }
        release();
        return true;
    }

    private void release() {
        if (registration.timeoutNanos() > 0) {
            dispatcher().deadlines().remove(this);
        }
        if (counted) {
            dispatcher().limit().release(1);
        }
    }

    /** For a delivery that has ended: makes the result count unless there is one, and says whether it does. */
    private boolean endWith(DeliveryResult result) {
        boolean counts = publication.settlement().put(index, result);
        if (counts) {
            publication.tellResult(result);
        }
        publication.invocationEnded();
        if (counts) {
            publication.settlement().arrive(index);
        }
        return counts;
    }

    // ---- ending otherwise ----

    /** The executor did not take it, or was not asked. */
    void refuse(DeliveryResult.Reason reason, @Nullable Throwable cause) {
        if (advance(State.NEW, State.ENDED)) {
            release();
            endWith(new DeliveryResult.Rejected(listenerId(), Duration.ZERO, 0, reason, cause));
        } else if (cause != null) {
            Log.warn("an executor took " + this + " and threw all the same", cause);
        }
    }

    /** Its time-out has come. On the timer's thread. */
    @Override
    void onDue() {
        dispatcher().threads().aside(this::timeOut);
    }

    private void timeOut() {
        if (stopAfter(Duration.ofNanos(registration.timeoutNanos()))) {
            publication.finish(List.of(this), dispatcher().threads()::asideOrHere, Runnable::run);
        }
    }

    /** Times it out, unless it has its result. The caller goes on with {@link LivePublication#finish}. */
    boolean stopAfter(Duration allowed) {
        return stop(new DeliveryResult.TimedOut(listenerId(), took(), attempts(), allowed));
    }

    /** Cancels it, unless it has its result. The caller goes on with {@link LivePublication#finish}. */
    boolean stopCancelled() {
        return stop(new DeliveryResult.Cancelled(listenerId(), took(), attempts()));
    }

    private boolean stop(DeliveryResult result) {
        if (!publication.settlement().put(index, result)) {
            return false;
        }
        stopped = true;
        publication.tellResult(result);
        return true;
    }

    /** Ends what a stopped delivery occupies, as far as that is ours to end. Runs no user code. */
    void halt() {
        callbacks.take();
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

    private void interruptRunner() {
        Thread thread = runner;
        if (thread == null || registration.options().isInline() || !advance(State.RUNNING, State.INTERRUPTING)) {
            return;
        }
        try {
            thread.interrupt();
        } catch (Throwable e) {
            Log.warn("the thread of " + this + " cannot be interrupted", e); // it is a user's, of a class of its own
        } finally {
            advance(State.INTERRUPTING, State.INTERRUPTED);
        }
    }

    private void endStopped() {
        if (end()) {
            publication.invocationEnded();
        }
    }

    /** Whether there is anything to tell the listener of a delivery that was halted. */
    boolean hasToTell() {
        return stage != null || callbacks.isAnyTaken();
    }

    /** Cancels the stage and runs the callbacks of a delivery that was halted: user code. */
    void tellListener() {
        CompletionStage<?> awaited = stage;
        if (awaited != null) {
            cancelStage(awaited);
        }
        callbacks.run(this);
    }

    void arriveStopped() {
        publication.settlement().arrive(index);
    }

    private void cancelStage(CompletionStage<?> awaited) {
        try {
            awaited.toCompletableFuture().cancel(true);
        } catch (Throwable e) {
            Log.debug("the stage of " + this + " cannot be cancelled", e);
        }
    }

    // ---- what others ask ----

    boolean hasEnded() {
        return state == State.ENDED && publication.settlement().isPut(index);
    }

    int depthOnThread() {
        return depthOnThread;
    }

    /** The delivery around it on this thread, which is calling its listener. */
    @Nullable Invocation around() {
        return around;
    }

    private int attempts() {
        return hasStarted() ? 1 : 0;
    }

    boolean hasStarted() {
        return state != State.NEW;
    }

    boolean isInline() {
        return inline;
    }

    /** Says once that it is to be reported. Confined to the slow watch, which looks on one thread at a time. */
    boolean reportSlowOnce() {
        boolean first = !slowReported;
        slowReported = true;
        return first;
    }

    /** Where its thread stands; empty where none is in the listener. */
    List<StackTraceElement> stack() {
        Thread thread = runner;
        return thread == null ? List.of() : List.of(thread.getStackTrace());
    }

    @Override
    public boolean isCancelled() {
        return stopped;
    }

    @Override
    public void onCancel(Runnable callback) {
        Check.present("callback", callback);
        if (!callbacks.add(callback)) {
            CancelCallbacks.run(callback, this);
        }
    }
}
