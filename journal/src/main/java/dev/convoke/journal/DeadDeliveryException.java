package dev.convoke.journal;

/** Stands for what a dead delivery failed with, where only the text of that is kept: the message is that text. */
public final class DeadDeliveryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final DeadReason reason;

    /** Why the delivery is dead, and what is known of that. */
    public DeadDeliveryException(DeadReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Returns why the delivery is dead. */
    public DeadReason reason() {
        return reason;
    }
}
