package dev.convoke.internal.settle;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.Outcome;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Collects one result per listener and then completes what was asked for, exactly once.
 *
 * <p>Thread-safe. User code is never called while a lock is held: there is none.
 */
public final class Settlement {
    /*
     * Concurrency
     * -----------
     * Each slot is written once, by whoever wins its CAS (`put`). The winner then says that it is there (`arrive`); the
     * slot write happens-before the decrement of `remaining`, and the thread that takes it to zero reads every slot, so
     * the outcome sees all results. One share of `remaining` belongs to the walk over the listeners (`walked`), so that
     * nothing completes before each of them was started or refused.
     * Questions stand in a stack until CLOSED takes its place. An early result is written before the stack is read, and
     * a question is pushed before the early results are read: one of the two sees the other. A future completes once,
     * whoever gets to it.
     */
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(DeliveryResult[].class);
    private static final VarHandle REMAINING = field("remaining", int.class);
    private static final VarHandle QUESTIONS = field("questions", Question.class);
    private static final VarHandle FIRST_FAILURE = field("firstFailure", DeliveryResult.class);
    private static final VarHandle FIRST_SUCCESS = field("firstSuccess", DeliveryResult.class);
    private static final VarHandle OUTCOME = field("outcome", Outcome.class);
    private static final Question<?> CLOSED = new Question.ForOutcome();

    private final Settling above;
    private final Nesting nesting;
    private final DeliveryResult[] slots;
    private volatile int remaining;
    private volatile @Nullable Question<?> questions;
    private volatile @Nullable DeliveryResult firstFailure;
    private volatile @Nullable DeliveryResult firstSuccess;
    private volatile boolean observed;
    private volatile @Nullable Outcome outcome;

    /** A settlement of so many deliveries. */
    public Settlement(int deliveries, Settling above, Nesting nesting) {
        this.slots = new DeliveryResult[deliveries];
        this.remaining = deliveries + 1;
        this.above = above;
        this.nesting = nesting;
    }

    private static VarHandle field(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(Settlement.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Writes a delivery's result and says whether it was the first one; the winner has to {@link #arrive}. */
    public boolean put(int index, DeliveryResult result) {
        return SLOT.compareAndSet(slots, index, null, result);
    }

    /** Whether the delivery has its result. */
    public boolean isPut(int index) {
        return SLOT.getVolatile(slots, index) != null;
    }

    /** The result of a delivery that has one. */
    public DeliveryResult resultOf(int index) {
        return (DeliveryResult) SLOT.getVolatile(slots, index);
    }

    /** Whether the delivery has its result, and that is a failure. */
    public boolean isFailure(int index) {
        return isPut(index) && resultOf(index).isFailure();
    }

    /** Makes a result that was put count. Called once for each delivery; may complete futures. */
    public void arrive(int index) {
        DeliveryResult result = resultOf(index);
        if (result.isFailure()) {
            if (!observed) {
                above.failedUnobserved(result);
            }
            arriveFirst(FIRST_FAILURE, result);
        } else if (result instanceof Succeeded) {
            arriveFirst(FIRST_SUCCESS, result);
        }
        countDown();
    }

    /** Every delivery was started or refused. Called once. */
    public void walked() {
        countDown();
    }

    private void arriveFirst(VarHandle first, DeliveryResult result) {
        if (first.compareAndSet(this, null, result) && remaining > 1 && isAsked(q -> q.isEnough(result))) {
            nesting.elsewhere(() -> answerEarly(result));
        }
    }

    private boolean isAsked(Predicate<Question<?>> kind) {
        for (Question<?> q = questions; q != null; q = q.next) {
            if (kind.test(q)) {
                return true;
            }
        }
        return false;
    }

    private void answerEarly(DeliveryResult result) {
        for (Question<?> q = questions; q != null; q = q.next) {
            if (q.isEnough(result)) {
                q.answerEarly(result);
            }
        }
    }

    private void countDown() {
        if ((int) REMAINING.getAndAdd(this, -1) == 1) {
            above.allSettled();
            Question<?> asked = (Question<?>) QUESTIONS.getAndSet(this, CLOSED);
            if (asked != null) {
                nesting.here(() -> answerAll(asked));
            }
        }
    }

    private void answerAll(Question<?> asked) {
        for (Question<?> q = asked; q != null; q = q.next) {
            answerOrFail(q);
        }
    }

    /** Nothing that a user's exception does when it is looked at keeps a future open. */
    private void answerOrFail(Question<?> question) {
        try {
            answer(question);
        } catch (Throwable e) {
            question.future.completeExceptionally(e);
        }
    }

    private void answer(Question<?> question) {
        answerFromFirst(question);
        question.answer(outcome());
    }

    private void answerFromFirst(Question<?> question) {
        DeliveryResult failure = firstFailure;
        if (failure != null && question.isEnough(failure)) {
            question.answerEarly(failure);
        }
        DeliveryResult success = firstSuccess;
        if (success != null && question.isEnough(success)) {
            question.answerEarly(success);
        }
    }

    /** Whether anybody has asked for the outcome in any form. */
    public boolean isObserved() {
        return observed;
    }

    /** The outcome, once everything is settled; the same object each time. */
    public Outcome outcome() {
        Outcome known = outcome;
        if (known != null) {
            return known;
        }
        Outcome made = above.outcomeOf(List.of(slots));
        return OUTCOME.compareAndSet(this, null, made) ? made : outcome();
    }

    /** A future of the outcome. */
    public CompletableFuture<Outcome> askOutcome() {
        return ask(new Question.ForOutcome());
    }

    /** A future of all values, or of the first failure in time. */
    public CompletableFuture<List<@Nullable Object>> askAll() {
        return ask(new Question.ForAll());
    }

    /** A future of the first value in time, or of all failures. */
    public CompletableFuture<@Nullable Object> askFirst() {
        return ask(new Question.ForFirst());
    }

    private <T extends @Nullable Object> CompletableFuture<T> ask(Question<T> question) {
        observed = true;
        if (push(question)) {
            answerFromFirst(question);
        } else {
            answerOrFail(question);
        }
        return question.future;
    }

    /** Leaves out the newest of those that nobody waits for any more, so that asking again and again piles up nothing. */
    private static @Nullable Question<?> firstOpen(@Nullable Question<?> top) {
        Question<?> open = top;
        while (open != null && open.future.isDone()) {
            open = open.next;
        }
        return open;
    }

    private boolean push(Question<?> question) {
        Question<?> top = questions;
        while (top != CLOSED) {
            question.next = firstOpen(top);
            if (QUESTIONS.compareAndSet(this, top, question)) {
                return true;
            }
            top = questions;
        }
        return false;
    }
}
