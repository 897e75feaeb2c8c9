package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Reason;
import dev.convoke.event.DeliveryResult.Rejected;
import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.event.PublicationNotAcceptedException.Certainty;
import dev.convoke.event.Receipt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether the journal has accepted one publication, for its publisher and for its hand-offs.
 *
 * <p>Thread-safe. The future is completed once, and never handed out itself.
 */
final class Acceptance {
    private final CompletableFuture<Receipt> decided = new CompletableFuture<>();

    /** Whether the publisher has asked, and so sees a failure. */
    private volatile boolean asked;

    /** The journal has committed the event. */
    void accept(Receipt receipt) {
        decided.complete(receipt);
    }

    /** The journal does not keep the event, or nobody knows whether it does. */
    void fail(Throwable cause) {
        decided.completeExceptionally(cause);
    }

    /** Fails with the certainty that nothing was stored. */
    void refuse(LivePublication<?> publication, String why, @Nullable Throwable cause) {
        fail(refusal(publication, why, cause));
    }

    static PublicationNotAcceptedException refusal(
            LivePublication<?> publication, String why, @Nullable Throwable cause) {
        return new PublicationNotAcceptedException(
                Certainty.REJECTED, publication.event().source(), publication.id(), why, cause);
    }

    /** Whether nothing is to be handed to the journal any more. */
    boolean isDecided() {
        return decided.isDone();
    }

    void whenDecided(BiConsumer<? super @Nullable Receipt, ? super @Nullable Throwable> then) {
        CompletionStage<Receipt> answer = decided; // what depends on it throws nothing
        answer.whenComplete(then);
    }

    /** A future of the publisher's own. */
    CompletableFuture<Receipt> ask() {
        asked = true;
        return decided.copy();
    }

    /** Whether the publisher has asked, and the failure is what it was told; null stands for the journal's own answer. */
    boolean isAskedFor(@Nullable DeliveryResult failure) {
        boolean isOfJournal =
                failure == null || (failure instanceof Rejected rejected && rejected.reason() == Reason.JOURNAL);
        return asked && isOfJournal;
    }

    /** Whether the event is certainly not in the journal. */
    static boolean isNothingStored(Throwable failure) {
        return failure instanceof PublicationNotAcceptedException refusal && refusal.certainty() == Certainty.REJECTED;
    }
}
