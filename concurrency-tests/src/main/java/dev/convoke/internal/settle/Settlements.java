package dev.convoke.internal.settle;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Settlements without a publication above them, and results for them. */
final class Settlements {
    private static final Nesting NESTING = new Nesting(Runnable::run);

    private Settlements() {}

    static Settlement of(int deliveries) {
        return new Settlement(deliveries, new NobodyAbove(), NESTING);
    }

    static DeliveryResult succeeded(@Nullable Object value) {
        return new DeliveryResult.Succeeded("listener", Duration.ZERO, 1, value);
    }

    static DeliveryResult failed(Throwable cause) {
        return new DeliveryResult.Failed("listener", Duration.ZERO, 1, cause);
    }

    private static final class NobodyAbove implements Settling {
        @Override
        public Outcome outcomeOf(Supplier<List<DeliveryResult>> results) {
            return Outcome.of("event", results.get());
        }

        @Override
        public DeliveryResult succeeded(int index, @Nullable Object value) {
            return Settlements.succeeded(value);
        }

        @Override
        public void failedUnobserved(DeliveryResult failure) {}

        @Override
        public void allSettled() {}
    }
}
