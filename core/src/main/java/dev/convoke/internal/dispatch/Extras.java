package dev.convoke.internal.dispatch;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.PublicationRefusedException;
import dev.convoke.event.Receipt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What only few publications have. Written before the publication is shared. */
final class Extras {
    @Nullable PublicationRefusedException refusal;

    @Nullable PublicationDeadline deadline;

    @Nullable OneByOne oneByOne;

    @Nullable PublicationRecord flightRecord;

    /** The dead letter that this delivers again. */
    @Nullable DeadLetter retried;

    /** What becomes of it in the journal, where that keeps it. */
    @Nullable CompletableFuture<Receipt> acceptance;

    /** The delivery of the journal's that this makes. */
    @Nullable StoredDelivery stored;

    /** What its publisher's thread had. */
    @Nullable Carried carried;
}
