package dev.convoke.internal.dispatch;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DeliveryResult.Cancelled;
import dev.convoke.event.DeliveryResult.Failed;
import dev.convoke.event.DeliveryResult.TimedOut;
import dev.convoke.event.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries that are out of attempts, the latest of them.
 *
 * <p>Thread-safe. The handler is a user's: it is called with no lock held, on the thread that settles the delivery.
 */
public final class DeadLetters {
    private final Dispatcher dispatcher;
    private final @Nullable Consumer<? super DeadLetter> handler;
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();

    /** Oldest first; guarded by the lock. */
    private final Map<String, DeadLetter> letters = new LinkedHashMap<>();

    /** How many had to leave for newer ones; guarded by the lock. */
    private long dropped;

    DeadLetters(Dispatcher dispatcher, Settings settings) {
        this.dispatcher = dispatcher;
        this.handler = settings.onDeadLetter();
        this.capacity = settings.deadLetterCapacity();
    }

    /**
     * Keeps the delivery if its listener was tried and retries, and has failed for good; one that was a dead letter before
     * stays the same one where it was not tried again.
     */
    void addIfDead(Invocation last, DeliveryResult result) {
        DeadLetter retried = last.publication().extras().retried;
        if (retried != null && (result.attempts() == 0 || result instanceof Cancelled)) {
            keep(retried);
        }
        boolean failed = result instanceof Failed || result instanceof TimedOut;
        if (failed && result.attempts() > 0 && Retries.isRetrying(last)) {
            result.failure().ifPresent(cause -> add(last, result, cause));
        }
    }

    private void add(Invocation last, DeliveryResult result, Throwable cause) {
        String id = dispatcher.ids().idOf(Ids.nextNumber());
        DeadLetter letter = letter(id, last.event(), last.listenerId(), result.attempts(), cause);
        keep(letter);
        tell(letter);
    }

    private DeadLetter letter(String id, Event<?> event, String listener, int attempts, Throwable cause) {
        return new DeadLetter(id, event, listener, attempts, cause, dispatcher.instant());
    }

    private void tell(DeadLetter letter) {
        tellHandler(letter);
        dispatcher.observers().tell(o -> o.onDeadLetter(letter));
    }

    /** Tells of one that a journal keeps, on a thread of the coordinator's. */
    void tellOfKept(String id, Event<?> event, String listener, int attempts, Throwable cause) {
        dispatcher.threads().asideOrHere(() -> tell(letter(id, event, listener, attempts, cause)));
    }

    /** Keeps a letter, perhaps instead of the oldest. */
    public void keep(DeadLetter letter) {
        if (isFirstToDrop(letter)) {
            Log.warn(
                    "there are more than " + capacity + " dead letters: from now on each new one drops the oldest",
                    null);
        }
    }

    private boolean isFirstToDrop(DeadLetter letter) {
        lock.lock();
        try {
            letters.put(letter.id(), letter);
            if (letters.size() <= capacity) {
                return false;
            }
            letters.remove(letters.keySet().iterator().next());
            return dropped++ == 0;
        } finally {
            lock.unlock();
        }
    }

    private void tellHandler(DeadLetter letter) {
        if (handler == null) {
            return;
        }
        try {
            handler.accept(letter);
        } catch (Throwable e) {
            Log.warn(
                    "the handler of dead letters failed; " + letter.event() + " at " + letter.listener() + " is kept",
                    e);
        }
    }

    /** What there is, oldest first. */
    public List<DeadLetter> list() {
        lock.lock();
        try {
            return List.copyOf(letters.values());
        } finally {
            lock.unlock();
        }
    }

    /** The one with the id, if it is there. */
    public Optional<DeadLetter> find(String id) {
        lock.lock();
        try {
            return Optional.ofNullable(letters.get(id));
        } finally {
            lock.unlock();
        }
    }

    /** Takes one out, and says whether it was there. */
    public boolean remove(String id) {
        lock.lock();
        try {
            return letters.remove(id) != null;
        } finally {
            lock.unlock();
        }
    }

    /** How many are kept at most. */
    int capacity() {
        return capacity;
    }

    /** How many have had to leave for newer ones. */
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }
}
