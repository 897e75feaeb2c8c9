package dev.convoke.internal.settle;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Succeeded;
import dev.convoke.event.Outcome;
import dev.convoke.event.PublicationFailedException;
import dev.convoke.event.PublicationRefusedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One future that a caller asked for, which is the caller's own.
 *
 * <p>Thread-safe.
 */
abstract sealed class Question<T extends @Nullable Object> implements Runnable {
    final CompletableFuture<T> future = new CompletableFuture<>();

    /** The one asked before; written before this is shared. */
    @Nullable Question<?> next;

    /** Who answers; null for the one that stands for no more questions. */
    private final @Nullable Settlement asked;

    private Question(@Nullable Settlement asked) {
        this.asked = asked;
    }

    /** Everything is settled: answers this and those before it. */
    @Override
    public void run() {
        if (asked != null) {
            asked.answerAll(this);
        }
    }

    /** Completes the future from the whole outcome. */
    abstract void answer(Outcome outcome);

    /** Completes the future from one result, if that is enough. */
    void answerEarly(DeliveryResult result) {}

    /** Whether the result is enough. */
    boolean isEnough(DeliveryResult result) {
        return false;
    }

    private static Optional<Throwable> refusal(Outcome outcome) {
        if (outcome.refusal().isEmpty()) {
            return Optional.empty();
        }
        try {
            outcome.orThrow();
        } catch (PublicationRefusedException refused) {
            return Optional.of(refused);
        }
        return Optional.empty();
    }

    /** All results. */
    static final class ForOutcome extends Question<Outcome> {
        ForOutcome(@Nullable Settlement asked) {
            super(asked);
        }

        @Override
        void answer(Outcome outcome) {
            future.complete(outcome);
        }
    }

    /** All values, or the first failure in time. */
    static final class ForAll extends Question<List<@Nullable Object>> {
        ForAll(Settlement asked) {
            super(asked);
        }

        @Override
        void answer(Outcome outcome) {
            refusal(outcome).ifPresentOrElse(future::completeExceptionally, () -> future.complete(values(outcome)));
        }

        private static List<@Nullable Object> values(Outcome outcome) {
            List<@Nullable Object> values = new ArrayList<>(outcome.results().size());
            for (DeliveryResult result : outcome.results()) {
                values.add(result instanceof Succeeded succeeded ? succeeded.value() : null);
            }
            return Collections.unmodifiableList(values);
        }

        @Override
        boolean isEnough(DeliveryResult result) {
            return result.isFailure();
        }

        @Override
        void answerEarly(DeliveryResult failure) {
            failure.failure().ifPresent(future::completeExceptionally);
        }
    }

    /** The first value in time, or all failures. */
    static final class ForFirst extends Question<@Nullable Object> {
        ForFirst(Settlement asked) {
            super(asked);
        }

        @Override
        void answer(Outcome outcome) {
            future.completeExceptionally(refusal(outcome).orElseGet(() -> new PublicationFailedException(outcome)));
        }

        @Override
        boolean isEnough(DeliveryResult result) {
            return result instanceof Succeeded;
        }

        @Override
        void answerEarly(DeliveryResult success) {
            future.complete(((Succeeded) success).value());
        }
    }
}
