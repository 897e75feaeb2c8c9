package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.spi.DurableListener;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A durable listener as the journal has it.
 *
 * <p>Thread-safe.
 *
 * @param published its place among the listeners of a publication, where it hands on to the journal
 * @param delivered where the journal's deliveries go
 * @param type null where it was subscribed to a pattern
 */
public record JournaledListener(
        Dispatcher dispatcher,
        Registration published,
        Registration delivered,
        @Nullable EventType<?> type) implements DurableListener {
    /** The listener that was registered so. */
    public static JournaledListener of(Dispatcher dispatcher, Registration published, @Nullable EventType<?> type) {
        return new JournaledListener(dispatcher, published, published.forJournal(), type);
    }

    @Override
    public String id() {
        return published.listenerId();
    }

    @Override
    public String subscribedTo() {
        return published.subscribedTo();
    }

    @Override
    public ListenerOptions options() {
        return published.declared();
    }

    @Override
    public boolean isReady() {
        return delivered.state() == Registration.State.OPEN;
    }

    @Override
    public void died(Event<?> event, int attempts, Throwable cause) {
        dispatcher.deadLetters().tellOfKept(event, id(), attempts, cause);
    }

    @Override
    public dev.convoke.listener.AsyncListener<?> listener() {
        return published.listener();
    }

    @Override
    public void retried(Event<?> event, DeliveryResult failed, int attempt, java.time.Duration delay) {}

    @Override
    public void ended(Event<?> event, DeliveryResult result) {}

    @Override
    public CompletionStage<DeliveryResult> deliver(
            Event<?> event, String idempotencyKey, int attempt, Object resource) {
        return dispatcher.deliver(event, delivered, attempt, resource);
    }
}
