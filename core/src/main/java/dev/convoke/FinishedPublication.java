package dev.convoke;

import dev.convoke.event.EventType;
import dev.convoke.event.Outcome;
import dev.convoke.event.Receipt;
import dev.convoke.internal.check.Check;
import dev.convoke.internal.dispatch.DirectPublication;
import dev.convoke.internal.dispatch.Dispatcher;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What a publisher holds of a publication all of whose listeners had completed when it was made. Thread-safe. */
final class FinishedPublication<E> extends DirectPublication<E> implements Publication<E> {
    FinishedPublication(Dispatcher dispatcher, EventType<E> type, E payload, Object walked) {
        super(dispatcher, type, payload, walked);
    }

    @Override
    public CompletableFuture<Receipt> accepted() {
        return CompletableFuture.completedFuture(new Receipt(event().source(), event().id()));
    }

    @Override
    public Outcome await() {
        return outcome().join();
    }

    @Override
    public Outcome await(Duration timeout) {
        Check.notNegative("timeout", timeout);
        return await();
    }
}
