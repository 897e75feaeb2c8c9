package dev.convoke.event;

import dev.convoke.internal.check.Check;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of one publication: a result per listener, in subscription order, or a refusal.
 *
 * <p>Thread-safe: immutable.
 */
public final class Outcome {
    private final String eventId;
    private final List<DeliveryResult> results;
    private final @Nullable Refusal refusal;
    private final String refusalMessage;

    private Outcome(String eventId, List<DeliveryResult> results, @Nullable Refusal refusal, String refusalMessage) {
        this.eventId = eventId;
        this.results = results;
        this.refusal = refusal;
        this.refusalMessage = refusalMessage;
    }

    /** The outcome of a publication whose listeners have these results. */
    public static Outcome of(String eventId, List<DeliveryResult> results) {
        return new Outcome(Check.present("event id", eventId), List.copyOf(results), null, "");
    }

    /**
     * The outcome of a publication that was refused as a whole.
     *
     * @param message says which publication, and why
     */
    public static Outcome refused(String eventId, Refusal refusal, String message) {
        Check.present("refusal", refusal);
        return new Outcome(Check.present("event id", eventId), List.of(), refusal, Check.present("message", message));
    }

    /** The event's id. */
    public String eventId() {
        return eventId;
    }

    /** One result per listener, in subscription order, unmodifiable; empty where nobody listened, or it was refused. */
    public List<DeliveryResult> results() {
        return results;
    }

    /** The result of the listener with this id, the first one where several have it; empty where none has. */
    public Optional<DeliveryResult> result(String listener) {
        Check.present("listener", listener);
        return results.stream().filter(r -> r.listener().equals(listener)).findFirst();
    }

    /** Whether it was not refused, and no result is Failed, TimedOut, Cancelled or Rejected. */
    public boolean succeeded() {
        return refusal == null && results.stream().noneMatch(DeliveryResult::isFailure);
    }

    /** The results that are Failed, TimedOut, Cancelled or Rejected, in subscription order. */
    public List<DeliveryResult> failures() {
        return results.stream().filter(DeliveryResult::isFailure).toList();
    }

    /** Why the publication as a whole was refused; empty where it was not. */
    public Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }

    /**
     * Returns this outcome if it succeeded.
     *
     * @throws PublicationFailedException if a delivery failed: the first failure is the cause, the others are suppressed
     * @throws PublicationRefusedException if the publication was refused
     */
    public Outcome orThrow() {
        if (refusal != null) {
            throw new PublicationRefusedException(refusal, refusalMessage);
        }
        if (!succeeded()) {
            throw new PublicationFailedException(this);
        }
        return this;
    }

    @Override
    public String toString() {
        return "Outcome[" + eventId + (refusal == null ? " " + results : " refused: " + refusalMessage) + "]";
    }
}
