package dev.convoke;

import dev.convoke.internal.check.Check;
import dev.convoke.internal.dispatch.JournaledListener;
import dev.convoke.listener.Subscription;
import dev.convoke.spi.EventJournal;
import java.time.Duration;

/** What a subscriber holds of a durable listener, whose deliveries are the journal's. Thread-safe: it has no state of its own. */
record DurableSubscription(JournaledListener listener, EventJournal journal) implements Subscription {
    @Override
    public String listenerId() {
        return listener.id();
    }

    @Override
    public void close() {
        listener.published().close();
        listener.delivered().close();
        journal.leave(listener);
    }

    @Override
    public boolean closeAndDrain(Duration timeout) {
        Check.notNegative("timeout", timeout);
        close();
        return listener.dispatcher().awaitEnd(listener.delivered(), timeout);
    }

    @Override
    public void pause() {
        listener.delivered().pause();
    }

    @Override
    public void resume() {
        listener.delivered().resume();
    }

    @Override
    public String toString() {
        return "Subscription[" + listenerId() + " to " + listener.subscribedTo() + "]";
    }
}
