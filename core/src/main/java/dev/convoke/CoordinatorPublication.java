package dev.convoke;

import dev.convoke.event.Event;
import dev.convoke.event.Outcome;
import dev.convoke.event.PublicationRefusedException;
import dev.convoke.event.Receipt;
import dev.convoke.internal.check.Check;
import dev.convoke.internal.dispatch.LivePublication;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a publisher holds of a publication. Thread-safe: it has no state of its own. */
record CoordinatorPublication<E>(LivePublication<E> live) implements Publication<E> {
    @Override
    public Event<E> event() {
        return live.event();
    }

    @Override
    public CompletableFuture<Outcome> outcome() {
        return live.settlement().askOutcome();
    }

    @Override
    public CompletableFuture<List<@Nullable Object>> gather() {
        return live.settlement().askAll();
    }

    @Override
    public CompletableFuture<@Nullable Object> first() {
        return live.settlement().askFirst();
    }

    @Override
    public CompletableFuture<Receipt> accepted() {
        CompletableFuture<Receipt> acceptance = live.askAcceptance();
        if (acceptance != null) {
            return acceptance;
        }
        PublicationRefusedException refusal = live.refusal();
        if (refusal == null) {
            return CompletableFuture.completedFuture(new Receipt(event().source(), event().id()));
        }
        live.settlement().observed(); // there is nothing else to be seen of it
        return CompletableFuture.failedFuture(refusal);
    }

    @Override
    public Outcome await() throws InterruptedException {
        try {
            return outcome().get();
        } catch (ExecutionException e) {
            throw neverFails(e);
        }
    }

    @Override
    public Outcome await(Duration timeout) throws InterruptedException, TimeoutException {
        Check.notNegative("timeout", timeout);
        CompletableFuture<Outcome> asked = outcome();
        try {
            return asked.get(Check.nanos(timeout), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw neverFails(e);
        } catch (TimeoutException e) {
            throw new TimeoutException("event " + event().type().name() + " [" + event().id()
                    + "] has no outcome after " + timeout + "; its listeners go on");
        } finally {
            asked.cancel(false); // nobody waits for it any more
        }
    }

    private static IllegalStateException neverFails(ExecutionException e) {
        return new IllegalStateException("an outcome never fails", e);
    }

    @Override
    public boolean cancel() {
        return live.cancel();
    }

    @Override
    public String toString() {
        return "Publication[" + event() + "]";
    }
}
