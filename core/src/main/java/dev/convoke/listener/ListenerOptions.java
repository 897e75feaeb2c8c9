package dev.convoke.listener;

import dev.convoke.internal.check.Check;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a listener is to be run: {@code ListenerOptions.named("ledger").timeout(ofSeconds(2))}.
 *
 * <p>Thread-safe: immutable; each method returns other options.
 */
public final class ListenerOptions {
    private static final ListenerOptions DEFAULTS = new ListenerOptions(null, null, false, null);

    private final @Nullable String name;
    private final @Nullable Duration timeout;
    private final boolean inline;
    private final @Nullable Executor executor;

    private ListenerOptions(
            @Nullable String name, @Nullable Duration timeout, boolean inline, @Nullable Executor executor) {
        if (inline && executor != null) {
            throw new IllegalArgumentException("a listener cannot have an executor and be inline: " + executor);
        }
        this.name = name;
        this.timeout = timeout;
        this.inline = inline;
        this.executor = executor;
    }

    /** No name, the coordinator's time-out and executor. */
    public static ListenerOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The defaults and a name, which becomes the listener's id. A listener without one is called after its event.
     *
     * @throws IllegalArgumentException if the name is empty, longer than 255 characters or has control characters
     */
    public static ListenerOptions named(String name) {
        return new ListenerOptions(Check.name("listener name", name), null, false, null);
    }

    /**
     * Times the delivery out when the listener has not completed so long after its start.
     *
     * @throws IllegalArgumentException if the duration is zero or negative
     */
    public ListenerOptions timeout(Duration timeout) {
        return new ListenerOptions(name, Check.positive("timeout", timeout), inline, executor);
    }

    /**
     * Runs the listener on the publisher's thread, before {@code publishEvent} returns. For listeners that never block;
     * it is never interrupted.
     *
     * @throws IllegalArgumentException if an executor was given
     */
    public ListenerOptions inline() {
        return new ListenerOptions(name, timeout, true, executor);
    }

    /**
     * Runs the listener on this executor instead of the coordinator's. It is the caller's: it is never shut down here.
     *
     * @throws IllegalArgumentException if the listener is inline
     */
    public ListenerOptions executor(Executor executor) {
        return new ListenerOptions(name, timeout, inline, Check.present("executor", executor));
    }

    /** The listener's name, if it was given one. */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** The listener's time-out, if it was given one. */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /** Whether the listener runs on the publisher's thread. */
    public boolean isInline() {
        return inline;
    }

    /** The listener's executor, if it was given one. */
    public Optional<Executor> executor() {
        return Optional.ofNullable(executor);
    }
}
