package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult.Reason;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Starts the deliveries of a publication one after another: the next when the one before has its result. The event is in the
 * journal's hands by then, so a hand-off is not stopped by a failure before it: its result is what the journal says.
 *
 * <p>Thread-safe. Results arrive on any thread; {@code turns} lets one thread at a time go on, which takes over what
 * arrives meanwhile, so that a thousand listeners that complete at once make a loop and no tower of calls.
 */
final class OneByOne {
    private final LivePublication<?> publication;
    private final boolean stopOnFailure;
    private final AtomicInteger turns = new AtomicInteger();

    /** The delivery to look at next; guarded by {@code turns}. */
    private int next;

    /** Whether the rest is not to be started; guarded by {@code turns}. */
    private boolean stopped;

    /** The delivery that the others wait for; written by who holds the turn, before it is started. */
    private volatile int current = -1;

    OneByOne(LivePublication<?> publication, boolean stopOnFailure) {
        this.publication = publication;
        this.stopOnFailure = stopOnFailure;
    }

    /** Starts the first one, and those that follow at once, on the publisher's thread. */
    void begin(Walk walk) {
        turns.set(1);
        goOn(walk);
    }

    /** The delivery in this place has its result. */
    void arrived(int index) {
        if (index == current && turns.getAndIncrement() == 0) {
            goOn(Walk.withoutWaiting(publication));
        }
    }

    private void goOn(Walk walk) {
        do {
            startNext(walk);
        } while (turns.decrementAndGet() != 0);
    }

    private void startNext(Walk walk) {
        while (next < publication.size()) {
            stopped |= stopOnFailure && next > 0 && publication.settlement().isFailure(next - 1);
            Delivery delivery = publication.first(next);
            boolean isNext = !stopped && !publication.settlement().isPut(next);
            current = isNext ? next : current;
            next++;
            if (isNext || delivery instanceof HandOff) {
                walk.start(delivery);
            } else if (stopped && delivery instanceof Invocation invocation) {
                invocation.endUnstarted(Results.skipped(invocation, Reason.STOPPED));
            }
            if (isNext) {
                return;
            }
        }
    }
}
