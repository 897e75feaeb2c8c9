package dev.convoke.testkit;

import dev.convoke.AsyncEventCoordinator;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A coordinator and a record of everything that was published on it.
 *
 * <pre>{@code
 * try (var recorded = RecordingCoordinator.create()) {
 *     new Shop(recorded.coordinator()).order("tea");
 *     recorded.awaitQuiescence(Duration.ofSeconds(5));
 *     assertThat(recorded).published("order.placed").withArguments("tea").once();
 * }
 * }</pre>
 *
 * <p>Thread-safe. It keeps all publications that are unfinished, and the last 10,000 that finished, unless another number is
 * given; {@link #forgotten} counts the others. It looks at no future, so that failures that nobody looks at are reported as
 * ever.
 */
public final class RecordingCoordinator implements AutoCloseable {
    private static final int MOST_FINISHED = 10_000;

    private final Recorder recorder;
    private final AsyncEventCoordinator coordinator;

    private RecordingCoordinator(AsyncEventCoordinator.Builder builder, int mostFinished) {
        this.recorder = new Recorder(mostFinished);
        this.coordinator = builder.observer(recorder).build();
    }

    /** A coordinator with all defaults, recorded. */
    public static RecordingCoordinator create() {
        return of(AsyncEventCoordinator.builder());
    }

    /** A coordinator as the builder says, recorded; the builder has an observer more from here on. */
    public static RecordingCoordinator of(AsyncEventCoordinator.Builder builder) {
        return of(builder, MOST_FINISHED);
    }

    /**
     * A coordinator as the builder says, recorded, of which so many finished publications are kept.
     *
     * @throws IllegalArgumentException if the number is zero or negative
     */
    public static RecordingCoordinator of(AsyncEventCoordinator.Builder builder, int mostFinished) {
        Objects.requireNonNull(builder, "builder must not be null");
        if (mostFinished <= 0) {
            throw new IllegalArgumentException("the number of publications to keep must be positive: " + mostFinished);
        }
        return new RecordingCoordinator(builder, mostFinished);
    }

    /** The coordinator, to be given to what is tested. */
    public AsyncEventCoordinator coordinator() {
        return coordinator;
    }

    /** The publications in the order they were made, as far as each has come; a snapshot. Refused ones are there, too. */
    public List<Recording> recordings() {
        return recorder.recordings();
    }

    /** How many finished publications are not among the recordings any more, because others came. */
    public long forgotten() {
        return recorder.forgotten();
    }

    /**
     * Waits until every publication that was made has its outcome, those included that its listeners made meanwhile. It goes
     * by real time, whatever the ticker says, and waits without polling.
     *
     * <p>Four things it does not know of: a publisher that is waiting for room, a listener that keeps running after it was
     * timed out or cancelled, callbacks on futures, which are called when the outcome is there, and what a journal does with an
     * event after it has accepted it.
     *
     * @throws AssertionError if something is unfinished at the time-out; the message says which publications and listeners.
     *     Also when the thread is interrupted, which it then still is
     */
    public void awaitQuiescence(Duration timeout) {
        List<Recording> unfinished = await(timeout);
        if (!unfinished.isEmpty()) {
            throw new AssertionError(
                    "unfinished after " + timeout + ":" + Wording.plain().list(unfinished));
        }
    }

    private List<Recording> await(Duration timeout) {
        try {
            return recorder.awaitQuiescence(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while awaiting quiescence", e);
        }
    }

    /** Closes the coordinator; what was recorded stays. */
    @Override
    public void close() {
        coordinator.close();
    }

    @Override
    public String toString() {
        return "RecordingCoordinator[recordings: " + recordings().size() + "]";
    }
}
