package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.spi.DurableListener;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A durable listener as the journal has it.
 *
 * <p>Thread-safe.
 *
 * @param listener as it was subscribed
 * @param type null where it was subscribed to a pattern
 */
public record JournaledListener(
        Journaling journaling,
        Registration registration,
        AsyncListener<?> listener,
        @Nullable EventType<?> type) implements DurableListener {
    @Override
    public String id() {
        return registration.listenerId();
    }

    @Override
    public String subscribedTo() {
        return registration.subscribedTo();
    }

    @Override
    public ListenerOptions options() {
        return registration.declared();
    }

    @Override
    public boolean isReady() {
        return registration.state() == Registration.State.OPEN;
    }

    @Override
    public CompletionStage<DeliveryResult> deliver(
            Event<?> event, String idempotencyKey, int attempt, Object resource) {
        return journaling.deliver(event, registration, idempotencyKey, attempt, resource);
    }

    @Override
    public void retried(Event<?> event, DeliveryResult failed, int attempt, Duration delay) {
        journaling.retried(event, failed, attempt, delay);
    }

    @Override
    public void ended(Event<?> event, DeliveryResult result) {
        journaling.ended(event, id(), result);
    }

    @Override
    public void died(String id, Event<?> event, int attempts, Throwable cause) {
        journaling.died(id, event, id(), attempts, cause);
    }
}
