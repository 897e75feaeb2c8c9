package dev.convoke.races;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.Publication;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.EventArguments;
import dev.convoke.event.Refusal;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Overflow;
import dev.convoke.listener.Subscription;
import dev.convoke.spi.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;

/**
 * A coordinator with one event and room for one delivery at a time, on whatever thread the executor says.
 *
 * <p>Thread-safe.
 */
final class OneEvent {
    private static final String NAME = "event";
    private static final Duration FOR_EVER = Duration.ofSeconds(10);

    private final AsyncEventCoordinator coordinator;

    /** Listeners run on the thread that publishes, as tasks of an executor. */
    OneEvent() {
        this(Runnable::run, new StoppedClock());
    }

    OneEvent(Executor executor, Ticker ticker) {
        coordinator = AsyncEventCoordinator.builder()
                .executor(executor)
                .ticker(ticker)
                .maxInFlight(1)
                .overflow(Overflow.REJECT)
                .onUnobservedFailure(failure -> {})
                .build();
    }

    AsyncEventCoordinator coordinator() {
        return coordinator;
    }

    Subscription subscribe(AsyncListener<EventArguments> listener) {
        return subscribe(listener, ListenerOptions.defaults());
    }

    Subscription subscribe(AsyncListener<EventArguments> listener, ListenerOptions options) {
        return coordinator.subscribeToEvent(NAME, listener, options);
    }

    Publication<EventArguments> publish() {
        return coordinator.publishEvent(NAME);
    }

    /** What became of the publication: its refusal, or the kinds of its results; {@code hangs} where that stays open. */
    static String outcomeOf(Publication<?> publication) {
        try {
            var outcome = publication.await(FOR_EVER);
            return outcome.refusal().map(Refusal::name).orElseGet(() -> kinds(outcome.results()));
        } catch (TimeoutException e) {
            return "hangs";
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a race", e);
        }
    }

    private static String kinds(Iterable<DeliveryResult> results) {
        StringBuilder kinds = new StringBuilder();
        for (DeliveryResult result : results) {
            kinds.append(kinds.isEmpty() ? "" : " ").append(kind(result));
        }
        return kinds.toString();
    }

    private static String kind(DeliveryResult result) {
        String kind = result.getClass().getSimpleName();
        return result instanceof DeliveryResult.Skipped skipped ? kind + "(" + skipped.reason() + ")" : kind;
    }

    /** The same, and whether the place of its delivery was given back. */
    String endOf(Publication<?> publication) {
        String outcome = outcomeOf(publication);
        coordinator.subscribeToEvent(
                "room",
                arguments -> CompletableFuture.completedFuture(null),
                ListenerOptions.defaults().executor(Runnable::run));
        boolean room = outcomeOf(coordinator.publishEvent("room")).equals("Succeeded");
        return room ? outcome : outcome + " without giving its place back";
    }
}
