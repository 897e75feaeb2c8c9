package dev.convoke.testkit;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.Outcome;
import dev.convoke.spi.CoordinatorObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a coordinator's observer is told.
 *
 * <p>Thread-safe. Nothing of a user's is called with the lock held: events are told apart by identity, as a publisher may give
 * two of them the same id.
 */
final class Recorder implements CoordinatorObserver {
    private final ReentrantLock lock = new ReentrantLock();

    /** Nothing is unfinished; goes with the lock, which guards everything below. */
    private final Condition quiescent = lock.newCondition();

    private final int mostFinished;
    private final IdentityHashMap<Event<?>, Entry> byEvent = new IdentityHashMap<>();
    private final Set<Entry> published = new LinkedHashSet<>();
    private final Deque<Entry> finished = new ArrayDeque<>();
    private long forgotten;

    Recorder(int mostFinished) {
        this.mostFinished = mostFinished;
    }

    /** One publication. */
    private static final class Entry {
        private final Event<?> event;
        private final int listeners;
        private final List<String> unresolved = new ArrayList<>();
        private final List<DeliveryResult> results = new ArrayList<>();
        private int lateCompletions;
        private @Nullable Outcome outcome;

        Entry(Event<?> event, int listeners) {
            this.event = event;
            this.listeners = listeners;
        }

        /** By identity: a result has a user's value in it, whose equals is not to be asked. */
        @SuppressWarnings("ReferenceEquality")
        void addOnce(DeliveryResult result) {
            if (results.stream().noneMatch(known -> known == result)) {
                results.add(result);
            }
        }

        Recording recording() {
            return new Recording(event, listeners, unresolved, results, lateCompletions, Optional.ofNullable(outcome));
        }
    }

    // ---- being told ----

    @Override
    public void onPublish(Event<?> event, int listeners) {
        lock.lock();
        try {
            enter(event, listeners);
        } finally {
            lock.unlock();
        }
    }

    private Entry enter(Event<?> event, int listeners) {
        Entry entry = new Entry(event, listeners);
        byEvent.put(event, entry);
        published.add(entry);
        return entry;
    }

    @Override
    public void onStart(Event<?> event, String listener, int attempt) {
        change(event, entry -> {
            if (attempt == 1) { // another attempt is of a listener that is there already
                entry.unresolved.add(listener);
            }
        });
    }

    @Override
    public void onResult(Event<?> event, DeliveryResult result) {
        change(event, entry -> {
            entry.addOnce(result);
            if (result.attempts() > 0) {
                entry.unresolved.remove(result.listener());
            }
        });
    }

    @Override
    public void onLateCompletion(Event<?> event, String listener, Duration took) {
        change(event, entry -> entry.lateCompletions++);
    }

    private void change(Event<?> event, Consumer<Entry> change) {
        lock.lock();
        try {
            Entry entry = byEvent.get(event);
            if (entry != null) { // it may be forgotten
                change.accept(entry);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Also told of refused publications, which it was told nothing of before. */
    @Override
    public void onOutcome(Event<?> event, Outcome outcome) {
        lock.lock();
        try {
            Entry known = byEvent.get(event);
            Entry entry = known == null ? enter(event, 0) : known;
            entry.outcome = outcome;
            outcome.results().forEach(entry::addOnce); // what a journal has accepted is told here alone
            finished.add(entry);
            forgetBeyondBound();
            if (unfinishedCount() == 0) {
                quiescent.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void forgetBeyondBound() {
        if (finished.size() > mostFinished) {
            Entry oldest = finished.remove();
            byEvent.remove(oldest.event);
            published.remove(oldest);
            forgotten++;
        }
    }

    private int unfinishedCount() {
        return published.size() - finished.size();
    }

    // ---- being asked ----

    List<Recording> recordings() {
        lock.lock();
        try {
            return published.stream().map(Entry::recording).toList();
        } finally {
            lock.unlock();
        }
    }

    long forgotten() {
        lock.lock();
        try {
            return forgotten;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until nothing is unfinished, by real time, and returns what still is at the end of it.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    List<Recording> awaitQuiescence(Duration timeout) throws InterruptedException {
        long left = TimeUnit.NANOSECONDS.convert(timeout); // the longest there is, where it is longer
        lock.lockInterruptibly();
        try {
            while (unfinishedCount() > 0 && left > 0) {
                left = quiescent.awaitNanos(left);
            }
            return published.stream()
                    .filter(entry -> entry.outcome == null)
                    .map(Entry::recording)
                    .toList();
        } finally {
            lock.unlock();
        }
    }
}
