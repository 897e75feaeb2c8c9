package dev.convoke.examples.demo.summary;

import dev.convoke.event.DeliveryResult;

/** What a delivery result is, by the name that people and programs read. */
enum ResultKind {
    SUCCEEDED("succeeded", "ok", DeliveryResult.Succeeded.class),
    FAILED("failed", "failed", DeliveryResult.Failed.class),
    TIMED_OUT("timedOut", "timed out", DeliveryResult.TimedOut.class),
    CANCELLED("cancelled", "cancelled", DeliveryResult.Cancelled.class),
    SKIPPED("skipped", "skipped", DeliveryResult.Skipped.class),
    REJECTED("rejected", "rejected", DeliveryResult.Rejected.class),
    ACCEPTED("accepted", "accepted", DeliveryResult.Accepted.class);

    private final String field;
    private final String words;
    private final Class<? extends DeliveryResult> type;

    ResultKind(String field, String words, Class<? extends DeliveryResult> type) {
        this.field = field;
        this.words = words;
        this.type = type;
    }

    static ResultKind of(DeliveryResult result) {
        for (ResultKind kind : values()) {
            if (kind.type.isInstance(result)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("a result of no known kind: " + result);
    }

    /** Its name in JSON. */
    String field() {
        return field;
    }

    /** Its name in text. */
    String words() {
        return words;
    }
}
