package dev.convoke.journal.internal;

import dev.convoke.journal.DeadReason;
import org.jspecify.annotations.Nullable;

/** A delivery that cannot be made, however often one tries. */
final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final DeadReason reason;

    UnreadableException(DeadReason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    DeadReason reason() {
        return reason;
    }
}
