package dev.convoke.original;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Knows from the publications and deliveries of a run what has to happen yet without another step, and waits for it.
 *
 * <p>A coordinator that loses a listener, or does not tell a publisher at once what it has to, never comes to rest.
 *
 * <p>Thread-safe.
 */
final class Rest {
    /*
     * Concurrency
     * -----------
     * All fields of publications and deliveries are guarded by the lock. One call changes both ends of what is handed on,
     * so that there is no moment in between in which nobody seems to be busy.
     */
    private static final long LONGEST_SECONDS = 5;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition reached = lock.newCondition();
    private final List<OfPublication> publications = new ArrayList<>();
    private final List<OfDelivery> deliveries = new ArrayList<>();

    /** What is known of a publication. */
    final class OfPublication {
        private final String id;
        private final int listeners;
        private int started;
        private int ended;
        private boolean failed;
        private boolean cancelled;
        private int unanswered;

        private OfPublication(String id, int listeners) {
            this.id = id;
            this.listeners = listeners;
        }

        /** Somebody asks for its results. */
        void asked() {
            change(() -> unanswered++);
        }

        /** They were told. */
        void answered() {
            change(() -> unanswered--);
        }

        /** One of its listeners was called. */
        OfDelivery started() {
            OfDelivery delivery = new OfDelivery(this);
            change(() -> {
                started++;
                deliveries.add(delivery);
            });
            return delivery;
        }

        /** Cancels it unless it has failed, and says whether it did. */
        boolean cancel() {
            return changeAndTell(() -> cancelled |= !failed);
        }

        /** Whether whoever awaits it has to be told. */
        private boolean isDecided() {
            return failed || ended == listeners;
        }

        private boolean isAtRest() {
            return started == listeners && (ended == listeners || !cancelled) && (unanswered == 0 || !isDecided());
        }

        @Override
        public String toString() {
            return id + ": " + listeners + " listeners, " + started + " started, " + ended + " ended"
                    + (failed ? ", failed" : "") + (cancelled ? ", cancelled" : "")
                    + (unanswered > 0 ? ", awaited" : "");
        }
    }

    /** What is known of a call of a listener. */
    final class OfDelivery {
        private enum State {
            RUNNING,
            SUSPENDED,
            AWAITING,
            ENDED
        }

        private final OfPublication publication;
        private State state = State.RUNNING;
        private OfPublication awaited;

        private OfDelivery(OfPublication publication) {
            this.publication = publication;
        }

        void suspends() {
            change(() -> state = State.SUSPENDED);
        }

        void awaits(OfPublication nested) {
            change(() -> {
                awaited = nested;
                state = State.AWAITING;
            });
        }

        void goesOn() {
            change(() -> state = State.RUNNING);
        }

        void ends(boolean failing) {
            change(() -> {
                state = State.ENDED;
                deliveries.remove(this);
                publication.ended++;
                publication.failed |= failing;
            });
        }

        private boolean isAtRest() {
            return switch (state) {
                case RUNNING -> false;
                case AWAITING -> !awaited.isDecided();
                case SUSPENDED, ENDED -> true;
            };
        }
    }

    /** A publication that is about to be made, to so many listeners. */
    OfPublication publication(String id, int listeners) {
        OfPublication publication = new OfPublication(id, listeners);
        change(() -> publications.add(publication));
        return publication;
    }

    private void change(Runnable change) {
        changeAndTell(() -> {
            change.run();
            return true;
        });
    }

    private boolean changeAndTell(BooleanSupplier change) {
        lock.lock();
        try {
            boolean result = change.getAsBoolean();
            if (isReached()) {
                reached.signalAll();
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** Returns when only another step can make anything happen. */
    void await() throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
            while (!isReached()) {
                if (left <= 0) {
                    throw new AssertionError(
                            "not everything that has to happen did within " + LONGEST_SECONDS + " s: " + missing());
                }
                left = reached.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private List<OfPublication> missing() {
        return publications.stream()
                .filter(publication -> !publication.isAtRest())
                .toList();
    }

    private boolean isReached() {
        return publications.stream().allMatch(OfPublication::isAtRest)
                && deliveries.stream().allMatch(OfDelivery::isAtRest);
    }
}
