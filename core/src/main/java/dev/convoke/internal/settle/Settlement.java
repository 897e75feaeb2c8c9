package dev.convoke.internal.settle;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.Outcome;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Collects one result per listener and then completes what was asked for, exactly once.
 *
 * <p>Thread-safe. User code is never called while a lock is held: there is none.
 */
public final class Settlement implements Supplier<List<DeliveryResult>> {
    /*
     * Concurrency
     * -----------
     * Each slot is written once, by whoever wins its CAS (`put`). The winner then says that it is there (`arrive`); the
     * slot write happens-before the decrement of `remaining`, and the thread that takes it to zero reads every slot, so
     * the outcome sees all results. A value stands for its result until somebody asks for that, which takes its place. One
     * share of `remaining` belongs to the walk over the listeners (`walked`), so that nothing completes before each of them
     * was started or refused.
     * Questions stand in a stack until CLOSED takes its place. An early result is written before the stack is read, and
     * a question is pushed before the early results are read: one of the two sees the other. A future completes once,
     * whoever gets to it.
     */
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final VarHandle REMAINING = field("remaining", int.class);
    private static final VarHandle QUESTIONS = field("questions", Question.class);
    private static final VarHandle FIRST_FAILURE = field("firstFailure", int.class);
    private static final VarHandle FIRST_SUCCESS = field("firstSuccess", int.class);
    private static final VarHandle OUTCOME = field("outcome", Outcome.class);
    private static final Question<?> CLOSED = new Question.ForOutcome(null);

    /** Stands for the value null. */
    private static final Object NOTHING = new Object();

    private final Settling above;
    private final Nesting nesting;

    /** Of each delivery a result, a value, or a {@link Slot} that has one of the two. */
    private final @Nullable Object[] slots;

    private volatile int remaining;
    private volatile @Nullable Question<?> questions;

    /** One more than the index of the first in time; 0 while there is none. */
    private volatile int firstFailure;

    private volatile int firstSuccess;
    private volatile boolean observed;
    private volatile @Nullable Outcome outcome;

    /** A settlement of so many deliveries. */
    public Settlement(int deliveries, Settling above, Nesting nesting) {
        this(new @Nullable Object[deliveries], 0, above, nesting);
    }

    /** A settlement whose first deliveries have completed with values, made of them by {@link #contentFor}. */
    public Settlement(@Nullable Object[] contents, int completed, Settling above, Nesting nesting) {
        this.slots = contents;
        this.above = above;
        REMAINING.set(this, contents.length - completed + 1); // nobody else sees it before this is handed over
        FIRST_SUCCESS.set(this, completed == 0 ? 0 : 1);
        this.nesting = nesting;
    }

    private static VarHandle field(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(Settlement.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What stands for this value in a slot; null where it could be taken for something else. */
    public static @Nullable Object contentFor(@Nullable Object value) {
        boolean isAmbiguous =
                value instanceof DeliveryResult || value instanceof Slot || value instanceof CompletionStage<?>;
        return isAmbiguous ? null : value == null ? NOTHING : value;
    }

    @SuppressWarnings("ReferenceEquality")
    private static @Nullable Object valueOf(Object content) {
        return content == NOTHING ? null : content; // it may be a user's, whose equals is not to be asked
    }

    /** The delivery has a place of its own. Called before anybody may settle it. */
    public void place(int index, Slot own) {
        slots[index] = own;
    }

    /** The place that a delivery has of its own, or null. */
    public @Nullable Slot place(int index) {
        return SLOT.getVolatile(slots, index) instanceof Slot own ? own : null;
    }

    /** The places that deliveries have of their own. */
    public Stream<Slot> places() {
        return Arrays.stream(slots).filter(Slot.class::isInstance).map(Slot.class::cast);
    }

    /** Writes a delivery's result and says whether it was the first one; the winner has to {@link #arrive}. */
    public boolean put(int index, DeliveryResult result) {
        return swap(index, null, result);
    }

    /** The same for a listener that has completed with a value. */
    public boolean putValue(int index, @Nullable Object value) {
        Object content = contentFor(value);
        return swap(index, null, content == null ? above.succeeded(index, value) : content);
    }

    private boolean swap(int index, @Nullable Object expected, Object content) {
        return SLOT.getVolatile(slots, index) instanceof Slot own
                ? own.swap(expected, content)
                : SLOT.compareAndSet(slots, index, expected, content);
    }

    private @Nullable Object content(int index) {
        Object there = SLOT.getVolatile(slots, index);
        return there instanceof Slot own ? own.content() : there;
    }

    /** Whether the delivery has its result. */
    public boolean isPut(int index) {
        return content(index) != null;
    }

    /** The result of a delivery that has one; the same object each time. */
    public DeliveryResult resultOf(int index) {
        Object content = Objects.requireNonNull(content(index));
        if (content instanceof DeliveryResult result) {
            return result;
        }
        swap(index, content, above.succeeded(index, valueOf(content)));
        return resultOf(index);
    }

    /** Whether the delivery has its result, and that is a failure. */
    public boolean isFailure(int index) {
        return content(index) instanceof DeliveryResult result && result.isFailure();
    }

    /** Makes a value that was put count. Called once for each delivery; may complete futures. */
    public void arriveValue(int index) {
        arriveFirst(FIRST_SUCCESS, index);
        countDown();
    }

    /** Makes a result that was put count. Called once for each delivery; may complete futures. */
    public void arrive(int index) {
        Object content = content(index);
        if (!(content instanceof DeliveryResult result) || result instanceof Succeeded) {
            arriveFirst(FIRST_SUCCESS, index);
        } else if (result.isFailure()) {
            if (!observed) {
                above.failedUnobserved(result);
            }
            arriveFirst(FIRST_FAILURE, index);
        }
        countDown();
    }

    /** Every delivery was started or refused. Called once. */
    public void walked() {
        countDown();
    }

    private void arriveFirst(VarHandle first, int index) {
        boolean isFirst = (int) first.getVolatile(this) == 0 && first.compareAndSet(this, 0, index + 1);
        if (isFirst && questions != null && remaining > 1) {
            DeliveryResult result = resultOf(index);
            if (isAsked(q -> q.isEnough(result))) {
                nesting.elsewhere(() -> answerEarly(result));
            }
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
                nesting.here(asked);
            }
        }
    }

    /** Completes the futures of this question and of those before it. */
    void answerAll(Question<?> asked) {
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
        answerFrom(firstFailure, question);
        answerFrom(firstSuccess, question);
    }

    private void answerFrom(int first, Question<?> question) {
        if (first != 0 && !(question instanceof Question.ForOutcome)) {
            DeliveryResult result = resultOf(first - 1);
            if (question.isEnough(result)) {
                question.answerEarly(result);
            }
        }
    }

    /** Whether there are deliveries without a result that counts. Called before {@link #walked}. */
    public boolean hasOpen() {
        return remaining > 1;
    }

    /** Whether a delivery has failed so far. */
    public boolean hasFailure() {
        return firstFailure != 0;
    }

    /** All results, once everything is settled; each is made when it is looked at. */
    @Override
    public List<DeliveryResult> get() {
        return new Results();
    }

    private final class Results extends AbstractList<DeliveryResult> {
        @Override
        public DeliveryResult get(int index) {
            return resultOf(index);
        }

        @Override
        public int size() {
            return slots.length;
        }
    }

    /** Whether anybody has asked for the outcome in any form. */
    public boolean isObserved() {
        return observed;
    }

    /** Somebody has been told in another way. */
    public void observed() {
        observed = true;
    }

    /** The outcome, once everything is settled; the same object each time. */
    public Outcome outcome() {
        Outcome known = outcome;
        if (known != null) {
            return known;
        }
        Outcome made = above.outcomeOf(this);
        return OUTCOME.compareAndSet(this, null, made) ? made : outcome();
    }

    /** A future of the outcome. */
    public CompletableFuture<Outcome> askOutcome() {
        return ask(new Question.ForOutcome(this));
    }

    /** A future of all values, or of the first failure in time. */
    public CompletableFuture<List<@Nullable Object>> askAll() {
        return ask(new Question.ForAll(this));
    }

    /** A future of the first value in time, or of all failures. */
    public CompletableFuture<@Nullable Object> askFirst() {
        return ask(new Question.ForFirst(this));
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
