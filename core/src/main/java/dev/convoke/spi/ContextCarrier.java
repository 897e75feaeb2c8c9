package dev.convoke.spi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries something that a thread has, a trace or a locale say, from the publisher to every listener.
 *
 * <p>{@link #capture} is called on the publisher's thread. What it returns is restored on the thread of each listener, at
 * each attempt, and removed when the listener has returned. Where one of these methods throws, the delivery fails; only what
 * {@link Scope#close} throws is logged instead.
 *
 * <p>A durable listener may run in another process, or after a restart. A carrier reaches it there if it can be written as
 * text: {@link Captured#toAttributes} puts the text into the event that the journal keeps, and {@link #fromAttributes} takes
 * it back before each attempt. A carrier without text reaches durable listeners in the publisher's own process only, as long
 * as that runs and has not published 4,096 more events that wait for durable listeners.
 */
@FunctionalInterface
public interface ContextCarrier {
    /** Takes what this thread has, to be restored on others any number of times, concurrently. */
    Captured capture();

    /**
     * Takes back what {@link Captured#toAttributes} put into an event. Called for durable listeners, on the thread of the
     * listener, before each attempt and in every process.
     *
     * @param attributes the event's; those that its publisher gave are among them
     * @return null where they have nothing of this carrier
     */
    default @Nullable Captured fromAttributes(Map<String, String> attributes) {
        return null;
    }

    /** What one publisher had. Thread-safe. */
    @FunctionalInterface
    interface Captured {
        /** Gives it to this thread until the scope is closed, on the same thread. */
        Scope restore();

        /**
         * Writes it as text, into the {@linkplain dev.convoke.event.Event#attributes attributes} of an event that goes to a
         * journal. An attribute that the publisher gave stays as it is. Called on the publisher's thread; where it throws, or
         * names an attribute that is not valid, the journal does not get the event.
         *
         * @return empty where it cannot be written as text
         */
        default Map<String, String> toAttributes() {
            return Map.of();
        }
    }

    /** The time in which a thread has what a publisher had; closing it gives back what the thread had before. */
    @FunctionalInterface
    interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}
