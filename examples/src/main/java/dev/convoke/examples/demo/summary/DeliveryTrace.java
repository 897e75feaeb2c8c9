package dev.convoke.examples.demo.summary;

import dev.convoke.event.DeliveryResult;
import java.time.Duration;

/**
 * One delivery and when it started.
 *
 * @param queued from the publication to the listener's start; to the result where it never started
 * @param result what became of it
 */
record DeliveryTrace(Duration queued, DeliveryResult result) {
    String listener() {
        return result.listener();
    }

    ResultKind kind() {
        return ResultKind.of(result);
    }

    /** From the publication to the result. */
    Duration ended() {
        return queued.plus(result.took());
    }
}
