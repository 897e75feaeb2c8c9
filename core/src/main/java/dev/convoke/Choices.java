package dev.convoke;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.UnobservedFailure;
import dev.convoke.internal.dispatch.Settings;
import dev.convoke.listener.Overflow;
import dev.convoke.spi.ContextCarrier;
import dev.convoke.spi.CoordinatorObserver;
import dev.convoke.spi.EventJournal;
import dev.convoke.spi.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a coordinator is going to be built with.
 *
 * <p>Confined to the builder's thread.
 */
final class Choices {
    /** From this length on, a chain of publications is taken for a loop. */
    private static final int DEFAULT_MAX_DEPTH = 100_000;

    @Nullable Executor executor;

    @Nullable Executor background;

    @Nullable Duration defaultTimeout;

    int maxInFlight;
    Overflow overflow = Overflow.WAIT;

    @Nullable Consumer<? super UnobservedFailure> onUnobservedFailure;

    Duration unobservedAfter = Duration.ofSeconds(1);

    @Nullable Consumer<? super DeadLetter> onDeadLetter;

    int deadLetterCapacity = 1_000;
    Duration longestWait = Duration.ofSeconds(30);
    final List<ContextCarrier> carriers = new ArrayList<>();
    final List<CoordinatorObserver> observers = new ArrayList<>();
    Ticker ticker = Ticker.system();
    Duration drainTimeout = Duration.ofSeconds(10);
    Duration slowAfter = Duration.ofSeconds(30);
    boolean watchInline;
    boolean trackInline;
    boolean timing;
    int maxDepth = DEFAULT_MAX_DEPTH;

    @Nullable EventJournal journal;

    Settings settings() {
        return new Settings(
                executor,
                background,
                maxInFlight,
                overflow,
                longestWait,
                onUnobservedFailure,
                unobservedAfter,
                onDeadLetter,
                deadLetterCapacity,
                List.copyOf(observers),
                List.copyOf(carriers),
                ticker,
                slowAfter,
                watchInline,
                trackInline,
                timing,
                maxDepth,
                journal);
    }
}
