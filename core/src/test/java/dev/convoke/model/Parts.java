package dev.convoke.model;

import dev.convoke.model.Scenario.Options;
import dev.convoke.model.Scenario.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the model keeps: plain fields, which {@link ContractModel} alone writes. */
final class Parts {
    private Parts() {}

    static final long NEVER = Long.MAX_VALUE;

    enum Place {
        /** Its publisher has not come to it. */
        UNREACHED,
        /** It waits for its turn at its listener. */
        QUEUED,
        /** It may start at any moment. */
        READY,
        RUNNING,
        /** The listener has returned a stage that is not complete. */
        AWAITED,
        BACKING_OFF,
        ENDED
    }

    record Result(String what, int attempts, long took) {
        boolean is(String kind) {
            return what.startsWith(kind);
        }

        String kind() {
            int end = what.indexOf(' ');
            return end < 0 ? what : what.substring(0, end);
        }

        boolean isFailure() {
            return is("Failed") || is("TimedOut") || is("Cancelled") || is("Rejected");
        }

        /** The exception that stands for a failure. */
        String cause() {
            return is("Failed")
                    ? what.substring("Failed ".length())
                    : is("TimedOut")
                            ? "TimeoutException"
                            : is("Cancelled") ? "CancellationException" : "RejectedExecutionException";
        }

        @Override
        public String toString() {
            return what + " [attempts " + attempts + ", took " + took + "]";
        }
    }

    static final class Listener {
        final int number;
        final Options options;
        boolean closed;
        boolean paused;
        boolean claimed;

        /** Who waits for a turn, in order of arrival. */
        final List<Delivery> queue = new ArrayList<>();

        Listener(int number, Options options) {
            this.number = number;
            this.options = options;
        }

        boolean isListed() {
            return !closed && !claimed;
        }
    }

    static final class Delivery {
        final Publication publication;
        final Listener listener;
        Place place = Place.UNREACHED;
        int attempts;
        int call;
        long firstStart;
        long start;
        long due;

        /** Whether it counts as in flight. */
        boolean permit;

        /** Whether it has its turn at its listener; whether that takes one of the listener's slots, and its key. */
        boolean inside;

        boolean takesSlot;
        boolean takesKey;

        /** Whether it had to leave the queue for another. */
        boolean dropped;

        @Nullable Result lastAttempt;

        @Nullable Result result;

        boolean arrived;

        Delivery(Publication publication, Listener listener) {
            this.publication = publication;
            this.listener = listener;
        }
    }

    static final class Publication {
        final int number;
        final Request request;
        final @Nullable Delivery parent;
        final List<Delivery> deliveries = new ArrayList<>();
        final List<Delivery> noRoom = new ArrayList<>();

        @Nullable String refusal;

        long deadline = NEVER;
        long allowed;
        boolean walked;
        boolean asked;
        boolean cancelled;
        boolean stopped;
        boolean goingOn;
        int next;

        /** The dead letter that this delivers again; it comes back if its listener is not tried. */
        @Nullable Letter retried;

        /** The first failure and success in time. */
        @Nullable Result failure;

        @Nullable Result success;

        Publication(int number, Request request, @Nullable Delivery parent) {
            this.number = number;
            this.request = request;
            this.parent = parent;
        }

        boolean isDone() {
            return walked && deliveries.stream().allMatch(d -> d.arrived);
        }
    }

    record Letter(Delivery delivery, int number, int attempts, String cause, long time) {}

    /** A failure that nobody had asked for when it came. */
    record Unobserved(Delivery delivery, long due) {}
}
