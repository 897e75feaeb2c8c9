package dev.convoke;

import dev.convoke.internal.check.Check;
import dev.convoke.internal.dispatch.Dispatcher;
import dev.convoke.internal.dispatch.JournaledListener;
import dev.convoke.listener.Subscription;
import java.time.Duration;

/** What a subscriber holds of a durable listener, whose deliveries are the journal's. Thread-safe: it has no state of its own. */
record DurableSubscription(JournaledListener listener, Dispatcher dispatcher, DurableSubscribing subscribing)
        implements Subscription {
    @Override
    public String listenerId() {
        return listener.id();
    }

    @Override
    public void close() {
        subscribing.leave(listener);
    }

    @Override
    public boolean closeAndDrain(Duration timeout) {
        Check.notNegative("timeout", timeout);
        close();
        return dispatcher.awaitEnd(listener.registration(), timeout);
    }

    @Override
    public void pause() {
        listener.registration().pause();
    }

    @Override
    public void resume() {
        listener.registration().resume();
    }

    @Override
    public String toString() {
        return "Subscription[" + listenerId() + " to " + listener.subscribedTo() + "]";
    }
}
