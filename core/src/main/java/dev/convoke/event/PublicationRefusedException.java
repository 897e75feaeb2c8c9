package dev.convoke.event;

/** A publication was refused as a whole; none of its listeners ran. */
public final class PublicationRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    /** A refusal and what it means here. */
    public PublicationRefusedException(Refusal refusal, String message) {
        super(message);
        this.refusal = refusal;
    }

    /** Why it was refused. */
    public Refusal refusal() {
        return refusal;
    }
}
