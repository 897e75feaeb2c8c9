package dev.convoke.journal;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * How far the deliveries of one event are.
 *
 * @param done how many are done
 * @param open those that are not
 */
public record EventStatus(URI source, String eventId, String name, int done, List<Delivery> open) {
    /** What a delivery that is not done waits for. */
    public enum State {
        /** Its time, and a process that has the listener. */
        READY(false),
        /** The end of its listener. */
        RUNNING(false),
        /** Those before it with the same key. */
        WAITING(false),
        /** A process that can read it. */
        UNREADABLE(false),
        /** Somebody who tries it again or discards it. */
        DEAD(true),
        /** Nothing, unless somebody restores it. */
        DISCARDED(true);

        private final boolean isFinal;

        State(boolean isFinal) {
            this.isFinal = isFinal;
        }

        /** Whether nothing happens to it unless somebody asks for that. */
        public boolean isFinal() {
            return isFinal;
        }
    }

    /**
     * A delivery that is not done.
     *
     * @param attempts how many have ended
     * @param reason why it is dead
     * @param error what the last attempt that failed ended with
     */
    public record Delivery(
            String listener,
            State state,
            int attempts,
            int crashes,
            Optional<DeadReason> reason,
            Optional<String> error) {}

    /** Whether nothing is left to be done: each delivery is done, dead or discarded. */
    public boolean isSettled() {
        return open.stream().allMatch(delivery -> delivery.state().isFinal());
    }
}
