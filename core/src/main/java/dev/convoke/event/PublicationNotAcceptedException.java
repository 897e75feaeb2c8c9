package dev.convoke.event;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The journal does not keep a publication, or nobody knows whether it does. */
public final class PublicationNotAcceptedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is known of a publication that was not accepted. */
    public enum Certainty {
        /** It is certainly not in the journal. */
        REJECTED,
        /**
         * The journal's reply was lost: it may be there, and its listeners may run. To publish it again with the same source
         * and id is safe.
         */
        UNKNOWN
    }

    private final Certainty certainty;
    private final transient @Nullable URI source;
    private final String eventId;

    /** What is known of the event with this identity, and why it was not accepted. */
    public PublicationNotAcceptedException(
            Certainty certainty, URI source, String eventId, String why, @Nullable Throwable cause) {
        super("event " + eventId + " was not accepted (" + certainty + "): " + why, cause);
        this.certainty = certainty;
        this.source = source;
        this.eventId = eventId;
    }

    /** What is known. */
    public Certainty certainty() {
        return certainty;
    }

    /** The event's source; null where the exception was serialized. */
    public @Nullable URI source() {
        return source;
    }

    /** The event's id. */
    public String eventId() {
        return eventId;
    }
}
