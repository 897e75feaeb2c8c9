package dev.convoke.event;

import java.util.List;

/**
 * What became of the deliveries that were unfinished when the coordinator was closed.
 *
 * @param handled how many of them ended by themselves in time
 * @param cancelled how many were cancelled at the time-out
 * @param abandoned those whose listener is running all the same: it was cancelled now, or had timed out before
 */
public record DrainReport(int handled, int cancelled, List<Abandoned> abandoned) {
    /** A copy of the list is kept. */
    public DrainReport {
        abandoned = List.copyOf(abandoned);
    }

    /**
     * A delivery that was cancelled and did not end.
     *
     * @param event the event's name
     * @param eventId the event's id
     * @param listener the listener's id
     * @param stack where its thread stands
     */
    public record Abandoned(String event, String eventId, String listener, List<StackTraceElement> stack) {
        /** A copy of the list is kept. */
        public Abandoned {
            stack = List.copyOf(stack);
        }
    }
}
