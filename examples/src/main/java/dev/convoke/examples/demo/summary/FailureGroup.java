package dev.convoke.examples.demo.summary;

import dev.convoke.event.DeliveryResult;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The failures of one listener that have one cause.
 *
 * @param cause in words
 * @param count how many there are
 * @param firstEvent the name of the event that was published first, of theirs
 * @param firstId its id
 */
record FailureGroup(String cause, int count, String firstEvent, String firstId) {
    /** Failures with the events that they are about, by cause; the largest group first. */
    static List<FailureGroup> of(Stream<FailureGroup> single) {
        Map<String, FailureGroup> groups = new LinkedHashMap<>();
        single.forEach(failure -> groups.merge(failure.cause, failure, FailureGroup::and));
        return groups.values().stream()
                .sorted(Comparator.comparingInt(FailureGroup::count).reversed())
                .toList();
    }

    private FailureGroup and(FailureGroup other) {
        return new FailureGroup(cause, count + other.count, firstEvent, firstId);
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
