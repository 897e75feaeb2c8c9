package dev.convoke.internal.dispatch;

import dev.convoke.event.SlowDelivery;
import dev.convoke.internal.check.Check;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reports deliveries that run for too long, once each. It looks while any is running, and not at all otherwise.
 *
 * <p>Thread-safe. Observers are told with no lock held, and never on the timer's thread.
 */
final class SlowWatch extends Deadlines.Entry {
    /** A look goes through everything unfinished; so there are at most so many in the time of one threshold. */
    private static final int LOOKS = 10;

    private final Dispatcher dispatcher;
    private final long slowNanos;
    private final boolean watchInline;

    /** Whether a look is to come. */
    private final AtomicBoolean armed = new AtomicBoolean();

    SlowWatch(Dispatcher dispatcher, Settings settings) {
        this.dispatcher = dispatcher;
        this.slowNanos = Check.nanos(settings.slowAfter());
        this.watchInline = settings.watchInline();
    }

    /** A listener is about to be called. */
    void started(Invocation invocation) {
        if (isWatched(invocation) && !armed.get() && armed.compareAndSet(false, true)) {
            dispatcher.deadlines().add(this, dispatcher.tickAt(invocation.startedAt()) + slowNanos);
        }
    }

    private boolean isWatched(Delivery delivery) {
        return watchInline || !delivery.isInline();
    }

    @Override
    void onDue() {
        dispatcher.threads().aside(this::look);
    }

    private void look() {
        armed.set(false); // before looking: who starts from now on arms it again
        long now = dispatcher.elapsed();
        long next = Lineage.NEVER;
        for (Delivery delivery : dispatcher.unfinished().deliveries()) {
            if (delivery.startedAt() != 0 && isWatched(delivery) && !delivery.hasEnded()) {
                next = Math.min(next, look(delivery, now));
            }
        }
        if (next != Lineage.NEVER && armed.compareAndSet(false, true)) {
            dispatcher.deadlines().add(this, dispatcher.tickAt(now) + Math.max(next, slowNanos / LOOKS));
        }
    }

    /** Reports the delivery if it is slow; returns after what time to look again, if at all. */
    private long look(Delivery delivery, long now) {
        long left = delivery.startedAt() + slowNanos - now;
        if (left <= 0 && delivery.reportSlowOnce()) {
            report(delivery, now - delivery.startedAt());
        }
        return left <= 0 ? Lineage.NEVER : left;
    }

    private void report(Delivery delivery, long runningNanos) {
        List<StackTraceElement> stack = delivery.stack();
        SlowDelivery slow = new SlowDelivery(
                delivery.publication().event(), delivery.listenerId(), Duration.ofNanos(runningNanos), stack);
        Log.warn(delivery + " has been running for " + slow.running() + where(stack), null);
        dispatcher.observers().tell(o -> o.onSlow(slow));
    }

    private static String where(List<StackTraceElement> stack) {
        StringBuilder lines = new StringBuilder(stack.isEmpty() ? ", awaiting the stage that it returned" : "");
        stack.forEach(
                frame -> lines.append(System.lineSeparator()).append("\tat ").append(frame));
        return lines.toString();
    }
}
