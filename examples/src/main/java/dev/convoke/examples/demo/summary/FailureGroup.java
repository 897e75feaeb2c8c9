package dev.convoke.examples.demo.summary;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;

/**
 * The failures of one listener that have one cause.
 *
 * @param cause in words
 * @param count how many there are
 * @param example the event that was published first, of theirs
 */
record FailureGroup(String cause, int count, Event<?> example) {
    FailureGroup and(FailureGroup other) {
        return new FailureGroup(cause, count + other.count, example);
    }

    /** What a failure is grouped by. */
    static String cause(DeliveryResult result) {
        if (result instanceof DeliveryResult.TimedOut timedOut) {
            return "no result within " + Words.duration(timedOut.after());
        }
        return result.failure().map(FailureGroup::words).orElse("no cause");
    }

    private static String words(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return failure.getMessage() == null ? name : name + ": " + failure.getMessage();
    }
}
