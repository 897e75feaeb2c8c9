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
    /** Either {@link Known}, or the {@link Parts} that it is made of when somebody looks. */
    private volatile Object content;

    private final boolean failed;
    private final @Nullable Refusal refusal;
    private final String refusalMessage;

    private Outcome(Object content, boolean failed, @Nullable Refusal refusal, String refusalMessage) {
        this.content = content;
        this.failed = failed;
        this.refusal = refusal;
        this.refusalMessage = refusalMessage;
    }

    /** What an outcome holds from its first being looked at on. */
    private record Known(String eventId, List<DeliveryResult> results) {}

    /** What an outcome is made of when somebody looks at it; called then, perhaps more than once, on any thread. */
    public interface Parts {
        /** The event's id, the same each time. */
        String eventId();

        /** One result per listener, in subscription order: the same ones each time. */
        List<DeliveryResult> results();
    }

    /** The outcome of a publication whose listeners have these results. */
    public static Outcome of(String eventId, List<DeliveryResult> results) {
        List<DeliveryResult> copy = List.copyOf(results);
        boolean failed = copy.stream().anyMatch(DeliveryResult::isFailure);
        return new Outcome(new Known(Check.present("event id", eventId), copy), failed, null, "");
    }

    /**
     * The outcome of a publication whose listeners have results that are made when somebody looks at them.
     *
     * @param failed whether one of them is a failure
     */
    public static Outcome of(Parts parts, boolean failed) {
        return new Outcome(Check.present("parts", parts), failed, null, "");
    }

    /**
     * The outcome of a publication that was refused as a whole.
     *
     * @param message says which publication, and why
     */
    public static Outcome refused(String eventId, Refusal refusal, String message) {
        Check.present("refusal", refusal);
        Known known = new Known(Check.present("event id", eventId), List.of());
        return new Outcome(known, false, refusal, Check.present("message", message));
    }

    private Known known() {
        if (content instanceof Parts parts) {
            content = new Known(parts.eventId(), List.copyOf(parts.results()));
        }
        return (Known) content;
    }

    /** The event's id. */
    public String eventId() {
        return known().eventId;
    }

    /** One result per listener, in subscription order, unmodifiable; empty where nobody listened, or it was refused. */
    public List<DeliveryResult> results() {
        return known().results;
    }

    /** The result of the listener with this id, the first one where several have it; empty where none has. */
    public Optional<DeliveryResult> result(String listener) {
        Check.present("listener", listener);
        return results().stream().filter(r -> r.listener().equals(listener)).findFirst();
    }

    /** Whether it was not refused, and no result is Failed, TimedOut, Cancelled or Rejected. */
    public boolean succeeded() {
        return refusal == null && !failed;
    }

    /** The results that are Failed, TimedOut, Cancelled or Rejected, in subscription order. */
    public List<DeliveryResult> failures() {
        return results().stream().filter(DeliveryResult::isFailure).toList();
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
        return "Outcome[" + eventId() + (refusal == null ? " " + results() : " refused: " + refusalMessage) + "]";
    }
}
