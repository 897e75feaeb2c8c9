package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.internal.check.Check;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.listener.EventContext;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One delivery: its task on an executor, the callback of its stage, the context that its listener sees.
 *
 * <p>Thread-safe. User code is called from here with no lock held.
 */
public final class Invocation extends Deadlines.Entry
        implements Runnable, BiConsumer<@Nullable Object, @Nullable Throwable>, EventContext {
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
    private static final VarHandle CALLBACKS;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Invocation.class, "state", State.class);
            CALLBACKS = MethodHandles.lookup().findVarHandle(Invocation.class, "callbacks", Callback.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LivePublication<?> publication;
    private final Registration registration;
    private final int index;

    /** See above. Written only by {@link #advance}. */
    private volatile State state = State.NEW;

    /** Whether it was cancelled or timed out; its slot was written before. */
    private volatile boolean stopped;

    /** What the listener returned, once it is awaited. */
    private volatile @Nullable CompletionStage<?> stage;

    /** The thread that calls the listener, written before RUNNING. */
    private volatile @Nullable Thread runner;

    /** To be run when stopped; a stack, closed by {@link Callback#TAKEN}. */
    private volatile @Nullable Callback callbacks;

    /** By the ticker; 0 until timed. */
    private volatile long startedAt;

    /** Whether a permit of the in-flight limit is its own; written before it can end. */
    private boolean counted;

    /** Whether it runs on the publisher's thread; written before it starts. */
    private boolean inline;

    /** How many deliveries are on this thread's stack, this one included; confined to that thread. */
    private int depthOnThread;

    /** Whether it was reported as slow. */
    private volatile boolean slowReported;

    Invocation(LivePublication<?> publication, Registration registration, int index) {
        this.publication = publication;
        this.registration = registration;
        this.index = index;
    }

    /** One in a stack of callbacks. */
    private static final class Callback {
        static final Callback TAKEN = new Callback(() -> {}, null);

        final Runnable task;
        final @Nullable Callback next;

        Callback(Runnable task, @Nullable Callback next) {
            this.task = task;
            this.next = next;
        }
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

    /** On the executor. */
    @Override
    public void run() {
        Invocation around = Current.get();
        if (around != null && around.depthOnThread >= DEEPEST_INLINE) {
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
        runner = Thread.currentThread();
        if (!advance(State.NEW, State.RUNNING)) {
            runner = null;
            return false;
        }
        if (registration.isClosed() || publication.settlement().isPut(index)) {
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
            startedAt = now();
            dispatcher().slowWatch().started(this);
        }
        if (timeout > 0) {
            dispatcher().deadlines().add(this, startedAt + timeout);
        }
    }

    private void callListener() {
        Invocation around = Current.enter(this);
        depthOnThread = around == null ? 1 : around.depthOnThread + 1;
        CompletionStage<?> returned = null;
        Throwable thrown = null;
        try {
            publication.tellStart(this);
            returned = registration.listener().onEvent(publication.payload(), this);
        } catch (Throwable e) {
            thrown = e;
        } finally {
            Current.leave(around);
            leaveThread();
        }
        if (thrown instanceof InterruptedException && inline) {
            Thread.currentThread().interrupt(); // it is the publisher's
        }
        returned(returned, thrown);
    }

    /** From here on no interrupt of ours can reach this thread, and none that did stays behind. */
    @SuppressWarnings(
            "ThreadPriorityCheck") // it waits for two statements of another thread, wherever that is scheduled
    private void leaveThread() {
        if (!advance(State.RUNNING, State.AWAITING)) {
            while (state == State.INTERRUPTING) {
                Thread.yield(); // the canceller is between two of its statements
            }
            Thread.interrupted();
            advance(State.INTERRUPTED, State.AWAITING);
        }
        runner = null;
    }

    private void returned(@Nullable CompletionStage<?> returned, @Nullable Throwable thrown) {
        if (thrown != null) {
            complete(Results.thrown(this, thrown));
        } else if (returned == null) {
            complete(Results.thrown(this, Results.nullStage(this)));
        } else if (returned instanceof CompletableFuture<?> future
                && future.isDone()
                && !future.isCompletedExceptionally()) {
            complete(Results.succeeded(this, future.join()));
        } else {
            await(returned);
        }
    }

    // ---- ending by itself ----

    private void await(CompletionStage<?> returned) {
        if (startedAt == 0) {
            startedAt = now();
        }
        if (!counted) {
            dispatcher().limit().take(1);
            counted = true;
        }
        stage = returned;
        if (publication.settlement().isPut(index)) {
            stopStage(returned);
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
        } else if (failure == null) {
            complete(Results.succeeded(this, value));
        } else {
            complete(Results.failedStage(this, failure));
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
        dispatcher().deadlines().remove(this);
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
            afterStop();
            arriveStopped();
        }
    }

    /** Times it out, unless it has its result. The caller goes on with {@link #afterStop}, {@link #arriveStopped}. */
    boolean stopAfter(Duration allowed) {
        return stop(new DeliveryResult.TimedOut(listenerId(), took(), attempts(), allowed));
    }

    /** Cancels it, unless it has its result. The caller goes on with {@link #afterStop}, {@link #arriveStopped}. */
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

    /** Ends what a stopped delivery is doing: runs user code. */
    void afterStop() {
        if (advance(State.NEW, State.ENDED)) {
            release();
            publication.invocationEnded();
        } else {
            interruptRunner();
            CompletionStage<?> awaited = stage;
            if (awaited != null) {
                stopStage(awaited);
            }
        }
        runCallbacks();
    }

    void arriveStopped() {
        publication.settlement().arrive(index);
    }

    private void interruptRunner() {
        if (!registration.inline() && advance(State.RUNNING, State.INTERRUPTING)) {
            Thread thread = runner;
            if (thread != null) {
                thread.interrupt();
            }
            advance(State.INTERRUPTING, State.INTERRUPTED);
        }
    }

    /** Ends first: what depends on the stage is a user's, and may wait for this delivery's end. */
    private void stopStage(CompletionStage<?> awaited) {
        endStopped();
        try {
            awaited.toCompletableFuture().cancel(true);
        } catch (Throwable e) {
            Log.debug("the stage of " + this + " cannot be cancelled", e);
        }
    }

    private void endStopped() {
        if (end()) {
            publication.invocationEnded();
        }
    }

    private void runCallbacks() {
        Callback next = (Callback) CALLBACKS.getAndSet(this, Callback.TAKEN);
        while (next != null) {
            runCallback(next.task);
            next = next.next;
        }
    }

    private void runCallback(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable e) {
            Log.warn("an onCancel callback of " + this + " failed", e);
        }
    }

    // ---- what others ask ----

    boolean hasEnded() {
        return state == State.ENDED && publication.settlement().isPut(index);
    }

    LivePublication<?> publication() {
        return publication;
    }

    Registration registration() {
        return registration;
    }

    Dispatcher dispatcher() {
        return publication.dispatcher();
    }

    String listenerId() {
        return registration.listenerId();
    }

    int depthOnThread() {
        return depthOnThread;
    }

    /** When it was started, or 0 where it was not or nobody wanted to know. */
    long startedAt() {
        return startedAt;
    }

    /** From its start until now. */
    Duration took() {
        long started = startedAt;
        return started == 0 ? Duration.ZERO : Duration.ofNanos(Math.max(0, now() - started));
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

    private long now() {
        long now = dispatcher().deadlines().now();
        return now == 0 ? 1 : now;
    }

    // ---- what the listener sees ----

    @Override
    public Event<?> event() {
        return publication.event();
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public Optional<Instant> deadline() {
        long own = registration.timeoutNanos() > 0 ? startedAt + registration.timeoutNanos() : Lineage.NEVER;
        return publication.deadline(own);
    }

    @Override
    public boolean isCancelled() {
        return stopped;
    }

    @Override
    public void onCancel(Runnable callback) {
        Check.present("callback", callback);
        Callback top = callbacks;
        while (top != Callback.TAKEN) {
            if (CALLBACKS.compareAndSet(this, top, new Callback(callback, top))) {
                return;
            }
            top = callbacks;
        }
        runCallback(callback);
    }

    @Override
    public String idempotencyKey() {
        return event().source() + "/" + event().id() + "/" + listenerId();
    }

    @Override
    public String toString() {
        return "delivery of " + publication.type().name() + " to " + listenerId();
    }
}
