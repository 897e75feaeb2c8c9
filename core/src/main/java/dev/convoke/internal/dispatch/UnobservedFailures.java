package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.UnobservedFailure;
import dev.convoke.internal.check.Check;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Failures that nobody has looked at so far, each for a short while; then they are reported.
 *
 * <p>Thread-safe. The handler is a user's: it is called with no lock held, and never on the timer's thread.
 */
final class UnobservedFailures extends Deadlines.Entry {
    /**
     * How many failures wait at most. When one more comes, all are reported at once: on a thread of the coordinator's,
     * or on the one that brings it while such a report is still going on, so that what waits stays bounded.
     */
    static final int CAPACITY = 1024;

    private final Threads threads;
    private final Deadlines deadlines;
    private final Consumer<? super UnobservedFailure> handler;
    private final long graceNanos;
    private final AtomicBoolean reporting = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();

    /** In order of time; guarded by the lock. */
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();

    UnobservedFailures(Threads threads, Deadlines deadlines, Settings settings) {
        this.threads = threads;
        this.deadlines = deadlines;
        Consumer<? super UnobservedFailure> given = settings.onUnobservedFailure();
        this.handler = given == null ? UnobservedFailures::log : given;
        this.graceNanos = Check.nanos(settings.unobservedAfter());
    }

    /**
     * A failure.
     *
     * @param failure null where there is no result: of a refusal, or of an event that the journal did not accept for others
     */
    private record Waiting(
            LivePublication<?> publication,
            @Nullable DeliveryResult failure,
            @Nullable Throwable cause,
            long due) {
        @Nullable UnobservedFailure ifUnobserved() {
            if (cause == null || isObserved()) {
                return null;
            }
            return new UnobservedFailure(publication.event(), failure == null ? "" : failure.listener(), cause);
        }

        /** What no result shows, nobody sees in the outcome. */
        private boolean isObserved() {
            Acceptance acceptance = publication.extras().acceptance;
            boolean isInOutcome = failure != null || publication.refusal() != null;
            return (isInOutcome && publication.settlement().isObserved())
                    || (acceptance != null && acceptance.isAskedFor(failure));
        }
    }

    /** A delivery of the publication has failed. */
    void add(LivePublication<?> publication, DeliveryResult failure) {
        add(publication, failure, failure.failure().orElse(null));
    }

    /** The publication was refused. */
    void addRefused(LivePublication<?> publication) {
        add(publication, null, publication.refusal());
    }

    /** The journal did not accept the publication, which only listeners elsewhere would have had from it. */
    void addNotAccepted(LivePublication<?> publication, Throwable cause) {
        add(publication, null, cause);
    }

    private void add(LivePublication<?> publication, @Nullable DeliveryResult failure, @Nullable Throwable cause) {
        add(new Waiting(publication, failure, cause, deadlines.now() + graceNanos));
    }

    private void add(Waiting waiting) {
        List<Waiting> tooMany;
        lock.lock();
        try {
            queue.addLast(waiting);
            tooMany = queue.size() > CAPACITY ? takeAll() : List.of();
        } finally {
            lock.unlock();
        }
        if (tooMany.isEmpty()) {
            deadlines.add(this, waiting.due());
        } else {
            reportNow(tooMany);
        }
    }

    /** How many failures wait. */
    int size() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    private List<Waiting> takeAll() {
        List<Waiting> all = new ArrayList<>(queue);
        queue.clear();
        return all;
    }

    private void reportNow(List<Waiting> failures) {
        if (reporting.compareAndSet(false, true)) {
            threads.asideOrHere(() -> reportAlone(failures));
        } else {
            report(failures);
        }
    }

    private void reportAlone(List<Waiting> failures) {
        try {
            report(failures);
        } finally {
            reporting.set(false);
        }
    }

    @Override
    void onDue() {
        if (!reporting.compareAndSet(false, true)) {
            deadlines.add(this, deadlines.now() + graceNanos); // one report at a time, however slow the handler is
            return;
        }
        try {
            threads.aside(() -> reportAlone(takeDue()));
        } catch (Throwable noThread) {
            reporting.set(false);
            throw noThread;
        }
    }

    /** Takes what is due, and comes back for the rest. */
    private List<Waiting> takeDue() {
        List<Waiting> due = new ArrayList<>();
        long now = deadlines.now();
        Waiting next;
        lock.lock();
        try {
            while (!queue.isEmpty() && queue.peekFirst().due() - now <= 0) {
                due.add(queue.removeFirst());
            }
            next = queue.peekFirst();
        } finally {
            lock.unlock();
        }
        if (next != null) {
            deadlines.add(this, next.due());
        }
        return due;
    }

    private void report(List<Waiting> failures) {
        for (Waiting waiting : failures) {
            UnobservedFailure failure = waiting.ifUnobserved();
            if (failure != null) {
                tellHandler(failure);
            }
        }
    }

    private void tellHandler(UnobservedFailure failure) {
        try {
            handler.accept(failure);
        } catch (Throwable e) {
            Log.warn("the handler of unobserved failures failed", e);
            log(failure);
        }
    }

    /** The handler where none was given. */
    private static void log(UnobservedFailure failure) {
        String listener = failure.listener().isEmpty() ? "" : ", listener " + failure.listener();
        Log.warn(
                "nobody looked at a failure: event " + failure.event().type().name() + ", publication "
                        + failure.event().id() + listener,
                failure.cause());
    }

    /** Reports what is waiting, on this thread. */
    void reportAll() {
        List<Waiting> rest;
        lock.lock();
        try {
            rest = takeAll();
        } finally {
            lock.unlock();
        }
        report(rest);
    }
}
