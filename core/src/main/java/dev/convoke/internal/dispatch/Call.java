package dev.convoke.internal.dispatch;

import dev.convoke.internal.resolve.Registration;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One call of a listener, from the moment when it is meant to be until nothing of it is left: its state, its thread, and
 * what it occupies.
 *
 * <p>Thread-safe.
 */
abstract sealed class Call extends DeliveryContext permits Invocation {
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
     * writes `stage` and then reads the slot: one of the two sees the other. The starter reads the state of its
     * registration last, after it became RUNNING (P5).
     * Who moves it to ENDED gives back what it occupies: the permit, which goes NONE → HELD → RETURNED or is GIVEN, and its
     * place at the gate. Who brings one of the two late, to a call that has ended, finds that out and takes it back.
     */
    enum State {
        NEW,
        RUNNING,
        INTERRUPTING,
        INTERRUPTED,
        AWAITING,
        ENDED
    }

    private enum Permit {
        NONE,
        /** Since before anybody else saw the call: nobody but who ends it has anything to do with it. */
        GIVEN,
        HELD,
        RETURNED
    }

    private static final VarHandle STATE;
    private static final VarHandle PERMIT;
    private static final VarHandle RUNNER;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Call.class, "state", State.class);
            PERMIT = MethodHandles.lookup().findVarHandle(Call.class, "permit", Permit.class);
            RUNNER = MethodHandles.lookup().findVarHandle(Call.class, "runner", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** See above. Written only by {@link #advance}. */
    private volatile State state;

    /** Of the in-flight limit. */
    private volatile Permit permit;

    /** Its place at its listener's gate, if that has one; written with the gate's lock held. */
    private volatile Gate.@Nullable Ticket ticket;

    /** The thread that calls the listener, written before RUNNING. */
    private volatile @Nullable Thread runner;

    /** The delivery around it on the thread that calls its listener, meanwhile; confined to that thread. */
    private @Nullable Invocation around;

    /** What is called directly on that thread, between the delivery around and this one; confined likewise. */
    private Current.@Nullable Hidden hiddenDirect;

    /** Who hands it to its executor, meanwhile: read by whom it is handed to, who may be the same thread. */
    private @Nullable Thread handedOnBy;

    /** Whether it runs on the publisher's thread; written before it starts. */
    private boolean inline;

    /** How many deliveries are on this thread's stack, this one included; confined to that thread. */
    private int depthOnThread;

    @SuppressWarnings("NullAway.Init") // by handles
    Call(LivePublication<?> publication, Registration registration, int index) {
        super(publication, registration, index);
        begin(Permit.NONE);
    }

    /** Nobody else sees it before it is handed over, so that no fence is needed. */
    private void begin(Permit from) {
        STATE.set(this, State.NEW);
        PERMIT.set(this, from);
    }

    /** Another attempt, which takes over what the one before occupies. */
    @SuppressWarnings("NullAway.Init") // by handles
    Call(Call before) {
        super(before);
        if (before.permit != Permit.GIVEN && !PERMIT.compareAndSet(before, Permit.HELD, Permit.RETURNED)) {
            dispatcher().limit().take(1);
        }
        begin(Permit.HELD);
        ticket = before.ticket;
    }

    /** Moves the state and says whether it was as expected. */
    final boolean advance(State from, State to) {
        return STATE.compareAndSet(this, from, to);
    }

    final State state() {
        return state;
    }

    @Override
    public final boolean hasStarted() {
        return state != State.NEW;
    }

    // ---- what it occupies ----

    /** Gives it a permit that was taken for it; says whether it still had a use for that. */
    final boolean givePermit() {
        boolean given = PERMIT.compareAndSet(this, Permit.NONE, Permit.HELD);
        if (!given) {
            dispatcher().limit().release(1);
        }
        return given;
    }

    /** The same before anybody else sees it. */
    final void givePermitFirst() {
        PERMIT.set(this, Permit.GIVEN);
    }

    final boolean hasPermit() {
        Permit now = permit;
        return now == Permit.HELD || now == Permit.GIVEN;
    }

    final void takePermitIfNone() {
        if (permit == Permit.NONE) {
            dispatcher().limit().take(1);
            givePermit();
        }
    }

    /** It stands at the gate of its listener. Called with the gate's lock held. */
    final void standAt(Gate.Ticket place) {
        ticket = place;
    }

    /** Whether it stands at this gate, or has gone through it. */
    final boolean isAt(Gate gate) {
        Gate.Ticket place = ticket;
        return place != null && place.gate().equals(gate);
    }

    final Gate.@Nullable Ticket ticket() {
        return ticket;
    }

    /** Gives back what it occupies, and starts who waited for that. Called by who moved it to ENDED. */
    final void release() {
        if (registration.timeoutNanos() > 0 || isAnotherAttempt()) {
            dispatcher().deadlines().remove(Objects.requireNonNull(tries()));
        }
        boolean held = permit == Permit.GIVEN || PERMIT.getAndSet(this, Permit.RETURNED) == Permit.HELD;
        if (ticket != null) {
            leaveGate(held);
        } else if (held) {
            dispatcher().limit().release(1);
        }
    }

    /** Leaves the gate; a permit goes to the first of those who are let in instead. */
    final void leaveGate(boolean withPermit) {
        Gate.Ticket place = ticket;
        List<Invocation> next = place == null ? List.of() : place.gate().leave(place);
        dispatcher().limit().take(next.size());
        if (withPermit) {
            dispatcher().limit().release(1);
        }
        for (Invocation invocation : next) {
            dispatcher().nesting().here(invocation::startAdmitted);
        }
    }

    // ---- its thread ----

    final void place(boolean onPublishersThread) {
        this.inline = onPublishersThread;
    }

    @Override
    public final boolean isInline() {
        return inline;
    }

    /** Hands it on. What the executor throws is the caller's. */
    final void handTo(Executor executor, Runnable task) {
        handedOnBy = Thread.currentThread();
        try {
            executor.execute(task);
        } finally {
            handedOnBy = null;
        }
    }

    /** Makes this thread the one that calls the listener; says whether it may. */
    final boolean enterThread() {
        if (state != State.NEW) {
            return false; // stopped, or an executor that runs it twice
        }
        RUNNER.setRelease(this, Thread.currentThread()); // the CAS that follows is a fence
        return advance(State.NEW, State.RUNNING);
    }

    /** From here on no interrupt of ours can reach this thread, and none that did stays behind; says if one did. */
    @SuppressWarnings("ThreadPriorityCheck") // it waits for two statements of another thread, wherever that runs
    final boolean leaveThread() {
        boolean undisturbed = advance(State.RUNNING, State.AWAITING);
        if (!undisturbed) {
            while (state == State.INTERRUPTING) {
                Thread.yield(); // the stopper is between two of its statements
            }
            Thread.interrupted();
            advance(State.INTERRUPTED, State.AWAITING);
        }
        RUNNER.setRelease(this, null);
        return !undisturbed;
    }

    /** Its listener is about to be called. */
    final void enterListener(Invocation self, @Nullable Object[] slot) {
        around = Current.enter(self, slot);
        hiddenDirect = Current.hideDirect(slot);
        depthOnThread = 1
                + (around == null ? 0 : around.depthOnThread())
                + (hiddenDirect == null ? 0 : (int) hiddenDirect.numbers()[Current.FRAMES]);
        if (depthOnThread == 1) {
            Current.beginUnspared(slot);
        }
    }

    final void leaveListener(@Nullable Object[] slot) {
        Current.restoreDirect(hiddenDirect, slot);
        hiddenDirect = null;
    }

    /** Gives an interrupt back that was meant for who is around this listener on the thread, not for the listener. */
    final void restoreInterrupt(@Nullable Throwable thrown, boolean wasOurs) {
        boolean publishers = thrown instanceof InterruptedException && !wasOurs && (inline || isOnPublishersThread());
        if (publishers || (around != null && around.state() == State.INTERRUPTED)) {
            Thread.currentThread().interrupt();
        }
        around = null;
    }

    private boolean isOnPublishersThread() {
        return Thread.currentThread().equals(handedOnBy);
    }

    final void interruptRunner() {
        Thread thread = runner;
        if (thread == null || registration.isInline() || !advance(State.RUNNING, State.INTERRUPTING)) {
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

    final int depthOnThread() {
        return depthOnThread;
    }

    /** The delivery around it on this thread, which is calling its listener. */
    final @Nullable Invocation around() {
        return around;
    }

    /** Whether it is called inside of a direct publication of the coordinator with this prefix. */
    final boolean hidesDirect(long prefix) {
        Current.Hidden hidden = hiddenDirect;
        return hidden != null && hidden.numbers()[Current.PREFIX] == prefix;
    }

    /** Where its thread stands; empty where none is in the listener. */
    @Override
    public final List<StackTraceElement> stack() {
        Thread thread = runner;
        return thread == null ? List.of() : List.of(thread.getStackTrace());
    }
}
