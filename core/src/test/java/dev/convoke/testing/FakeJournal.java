package dev.convoke.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.event.PublicationNotAcceptedException.Certainty;
import dev.convoke.event.Receipt;
import dev.convoke.spi.DurableListener;
import dev.convoke.spi.EventJournal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** A journal that notes what it is told, answers as a test says, and makes those deliveries that a test makes with it. */
public final class FakeJournal implements EventJournal {
    /** What was called, in order: start, subscribe, leave, stop, close. */
    public final List<String> calls = new CopyOnWriteArrayList<>();

    public final List<Event<?>> appended = new CopyOnWriteArrayList<>();
    public final List<Duration> waits = new CopyOnWriteArrayList<>();
    public final List<DurableListener> listeners = new CopyOnWriteArrayList<>();

    /** What it keeps as dead, oldest first. */
    public final List<DeadLetter> dead = new CopyOnWriteArrayList<>();

    public final AtomicInteger asked = new AtomicInteger();

    public volatile Interest interest = Interest.NONE;
    public volatile Consumer<DurableListener> onSubscribe = listener -> {};
    public volatile Function<Event<?>, CompletionStage<Receipt>> onAppend =
            event -> CompletableFuture.completedFuture(receipt(event));
    public volatile Runnable onClose = () -> {};

    public static Receipt receipt(Event<?> event) {
        return new Receipt(event.source(), event.id());
    }

    public static CompletionStage<Receipt> refused(Event<?> event, Certainty certainty) {
        return CompletableFuture.failedFuture(
                new PublicationNotAcceptedException(certainty, event.source(), event.id(), "planted", null));
    }

    /** The listener of this id. */
    public DurableListener listener(String id) {
        return listeners.stream()
                .filter(listener -> listener.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** An event as it comes back from a database: equal, and another one. */
    public static <E> Event<E> reread(Event<E> event) {
        return new Event<>(
                event.id(),
                event.type(),
                event.payload(),
                event.key().orElse(null),
                event.source(),
                event.time(),
                event.attributes(),
                event.parentId().orElse(null));
    }

    /** Makes one attempt, and returns how it ended. */
    public DeliveryResult attempt(String id, Event<?> event, int attempt) {
        return listener(id)
                .deliver(reread(event), "key of " + event.id(), attempt, this)
                .toCompletableFuture()
                .orTimeout(20, SECONDS)
                .join();
    }

    /** Makes a delivery of one attempt, and returns its result. */
    public DeliveryResult deliver(String id, Event<?> event) {
        DeliveryResult result = attempt(id, event, 1);
        listener(id).ended(reread(event), result);
        return result;
    }

    @Override
    public void start() {
        calls.add("start");
    }

    @Override
    public void subscribe(DurableListener listener) {
        calls.add("subscribe " + listener.id());
        onSubscribe.accept(listener);
        listeners.add(listener);
    }

    @Override
    public void leave(DurableListener listener) {
        calls.add("leave " + listener.id());
        listeners.remove(listener);
    }

    @Override
    public Interest interestIn(EventType<?> type) {
        asked.incrementAndGet();
        return interest;
    }

    @Override
    public CompletionStage<Receipt> append(Event<?> event, Duration maxWait) {
        appended.add(event);
        waits.add(maxWait);
        return onAppend.apply(event);
    }

    @Override
    public List<DeadLetter> deadLetters(int atMost) {
        return dead.stream().limit(atMost).toList();
    }

    @Override
    public Optional<String> retryDeadLetter(String id) {
        Optional<DeadLetter> found = deadLetter(id);
        found.ifPresent(dead::remove);
        calls.add("retry " + id);
        return found.map(DeadLetter::listener);
    }

    @Override
    public boolean discardDeadLetter(String id) {
        calls.add("discard " + id);
        return deadLetter(id).map(dead::remove).orElse(false);
    }

    private Optional<DeadLetter> deadLetter(String id) {
        return dead.stream().filter(letter -> letter.id().equals(id)).findFirst();
    }

    @Override
    public void stop() {
        calls.add("stop");
    }

    @Override
    public void close(Duration timeout) {
        calls.add("close");
        onClose.run();
    }
}
