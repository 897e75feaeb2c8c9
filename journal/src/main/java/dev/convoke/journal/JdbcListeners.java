package dev.convoke.journal;

import dev.convoke.event.Event;
import dev.convoke.journal.internal.Fence;
import dev.convoke.journal.internal.Transactional;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.EventContext;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** Listeners for a {@link JdbcJournal}. Thread-safe: it has no state. */
public final class JdbcListeners {
    private JdbcListeners() {}

    /**
     * A listener that gets a connection to the journal's database: what it writes takes effect exactly once, as it is committed
     * in one transaction with the end of its delivery. It blocks, and is to be subscribed as durable.
     */
    public static <E> AsyncListener<E> transactional(TransactionalListener<E> listener) {
        Objects.requireNonNull(listener, "listener must not be null");
        return new Adapter<>(AsyncListener.blockingWithContext((payload, context) -> handle(listener, context)));
    }

    /** Tells the journal that its listener holds a connection. */
    private record Adapter<E>(AsyncListener<E> listener) implements AsyncListener<E>, Transactional {
        @Override
        public CompletionStage<?> onEvent(E payload) throws Exception {
            return listener.onEvent(payload);
        }

        @Override
        public CompletionStage<?> onEvent(E payload, EventContext context) throws Exception {
            return listener.onEvent(payload, context);
        }

        @Override
        public boolean isBlocking() {
            return true;
        }
    }

    /** The same for a listener that is subscribed to a pattern, whatever the payloads of its events. */
    public static AsyncListener<Event<?>> transactionalForPattern(TransactionalListener<Object> listener) {
        Objects.requireNonNull(listener, "listener must not be null");
        return new Adapter<>(AsyncListener.blockingWithContext((event, context) -> handle(listener, context)));
    }

    @SuppressWarnings("unchecked") // the event carries the payload that the listener was subscribed to
    private static <E> void handle(TransactionalListener<E> listener, EventContext context) throws Exception {
        Fence fence = context.resource(Fence.class)
                .orElseThrow(() -> new IllegalStateException("a transactional listener of "
                        + context.event().type().name() + " needs a JDBC journal: subscribe it with durable()"));
        fence.commit(connection -> listener.onEvent((Event<E>) context.event(), connection));
    }
}
