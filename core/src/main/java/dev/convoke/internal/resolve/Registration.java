package dev.convoke.internal.resolve;

import dev.convoke.event.EventType;
import dev.convoke.internal.check.Check;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.ListenerOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One listener in its place: what is to be called, and how.
 *
 * <p>Thread-safe.
 */
public final class Registration {
    private final Topic topic;
    private final String listenerId;
    private final AsyncListener<Object> listener;
    private final boolean inline;
    private final @Nullable Executor executor;
    private final @Nullable Duration timeout;

    /** OPEN → CLOSED, never back. Read last before a listener is called, which is what P5 rests on. */
    private volatile boolean closed;

    /** The slot of one that has left. */
    static final int NOWHERE = -1;

    /** Its place in the topic's slots; guarded by the topic's lock. */
    int slot;

    Registration(
            Topic topic,
            String listenerId,
            AsyncListener<Object> listener,
            ListenerOptions options,
            @Nullable Duration timeout) {
        this.topic = topic;
        this.listenerId = listenerId;
        this.listener = listener;
        this.inline = options.isInline();
        this.executor = options.executor().orElse(null);
        this.timeout = timeout;
    }

    /** The listener's id. */
    public String listenerId() {
        return listenerId;
    }

    /** The listener, which takes every payload of its event's type. */
    public AsyncListener<Object> listener() {
        return listener;
    }

    /** The event it listens to. */
    public EventType<?> eventType() {
        return topic.type();
    }

    /** Whether it runs on the publisher's thread. */
    public boolean inline() {
        return inline;
    }

    /** Its own executor, if it has one. */
    public @Nullable Executor executor() {
        return executor;
    }

    /** Its time-out in nanoseconds, 0 where it has none. */
    public long timeoutNanos() {
        return timeout == null ? 0 : Check.nanos(timeout);
    }

    /** Whether no delivery may start any more. */
    public boolean isClosed() {
        return closed;
    }

    /** Closes, and leaves the registry. */
    public void close() {
        closed = true;
        topic.remove(this);
    }

    ListenerInfo info() {
        EventType<?> type = topic.type();
        return new ListenerInfo(listenerId, type.name(), type.payloadType(), inline, Optional.ofNullable(timeout));
    }
}
