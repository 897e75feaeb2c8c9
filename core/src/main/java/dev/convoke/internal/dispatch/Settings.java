package dev.convoke.internal.dispatch;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.UnobservedFailure;
import dev.convoke.listener.Overflow;
import dev.convoke.spi.ContextCarrier;
import dev.convoke.spi.CoordinatorObserver;
import dev.convoke.spi.EventJournal;
import dev.convoke.spi.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a coordinator was built with; see its builder for the meaning of each.
 *
 * @param executor null means threads of the coordinator's own
 * @param background null means threads of the coordinator's own
 * @param maxInFlight 0 means what suits the executor
 * @param onUnobservedFailure null means to the log
 * @param journal null means that there is none
 * @param watchInline whether inline listeners are watched for slowness, too
 */
public record Settings(
        @Nullable Executor executor,
        @Nullable Executor background,
        int maxInFlight,
        Overflow overflow,
        Duration longestWait,
        @Nullable Consumer<? super UnobservedFailure> onUnobservedFailure,
        Duration unobservedAfter,
        @Nullable Consumer<? super DeadLetter> onDeadLetter,
        int deadLetterCapacity,
        List<CoordinatorObserver> observers,
        List<ContextCarrier> carriers,
        Ticker ticker,
        Duration slowAfter,
        boolean watchInline,
        boolean trackInline,
        boolean timing,
        int maxDepth,
        @Nullable EventJournal journal) {}
