package dev.convoke;

import dev.convoke.internal.check.Check;
import dev.convoke.internal.dispatch.Dispatcher;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.listener.Subscription;
import java.time.Duration;

/** What a subscriber holds of a registration. Thread-safe: it has no state of its own. */
record CoordinatorSubscription(Registration registration, Dispatcher dispatcher) implements Subscription {
    @Override
    public String listenerId() {
        return registration.listenerId();
    }

    @Override
    public void close() {
        registration.close();
        dispatcher.shut(registration);
    }

    @Override
    public boolean closeAndDrain(Duration timeout) {
        Check.notNegative("timeout", timeout);
        close();
        return dispatcher.awaitEnd(registration, timeout);
    }

    @Override
    public void pause() {
        registration.pause();
        dispatcher.shut(registration);
    }

    @Override
    public void resume() {
        registration.resume();
    }

    @Override
    public String toString() {
        return "Subscription[" + listenerId() + " to " + registration.subscribedTo() + "]";
    }
}
