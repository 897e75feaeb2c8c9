package dev.convoke.internal.settle;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Outcome;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a settlement asks and tells the floor above. Called with no lock held. */
public interface Settling {
    /** Makes the outcome of these results, which are made when they are looked at; called when somebody asks. */
    Outcome outcomeOf(Supplier<List<DeliveryResult>> results);

    /** Makes the result of a delivery that has completed with a value; called when somebody asks. */
    DeliveryResult succeeded(int index, @Nullable Object value);

    /** A delivery failed and nobody has asked for the outcome so far. */
    void failedUnobserved(DeliveryResult failure);

    /** Every delivery has its result; the futures are completed when this has returned. */
    void allSettled();
}
