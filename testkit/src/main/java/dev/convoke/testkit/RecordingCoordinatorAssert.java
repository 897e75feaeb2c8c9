package dev.convoke.testkit;

import dev.convoke.event.EventType;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about what was published on a coordinator, refused publications included.
 *
 * <p>Confined to one thread. Each looks at the recordings of its own moment: {@link RecordingCoordinator#awaitQuiescence}
 * comes first where other threads are at work.
 */
public final class RecordingCoordinatorAssert extends AbstractAssert<RecordingCoordinatorAssert, RecordingCoordinator> {
    RecordingCoordinatorAssert(RecordingCoordinator actual) {
        super(actual, RecordingCoordinatorAssert.class);
    }

    /**
     * Says that the event was published, and goes on with its publications.
     *
     * @throws AssertionError if it was not; the message tells what was
     */
    public RecordingsAssert<Object> published(String eventName) {
        return publicationsOf(eventName);
    }

    /**
     * Says that an event of this name and payload type was published, and goes on with its publications.
     *
     * @throws AssertionError if it was not; the message tells what was
     */
    public <E> RecordingsAssert<E> published(EventType<E> type) {
        RecordingsAssert<E> named = publicationsOf(type.name());
        return named.ofPayloadType(type);
    }

    private <E> RecordingsAssert<E> publicationsOf(String eventName) {
        isNotNull();
        List<Recording> all = actual.recordings();
        RecordingsAssert<E> assertion = new RecordingsAssert<>(all, all, actual.forgotten(), info);
        return assertion.narrow(
                "event " + eventName,
                recording -> recording.event().type().name().equals(eventName));
    }

    /**
     * Says that the event was not published.
     *
     * @throws AssertionError if it was, or may have been among what was forgotten
     */
    public RecordingCoordinatorAssert neverPublished(String eventName) {
        isNotNull();
        requireNone(actual.recordings().stream()
                .filter(recording -> recording.event().type().name().equals(eventName))
                .toList());
        return this;
    }

    /**
     * Says that an event of this name was not published.
     *
     * @throws AssertionError if it was, or may have been among what was forgotten
     */
    public RecordingCoordinatorAssert neverPublished(EventType<?> type) {
        return neverPublished(type.name());
    }

    /**
     * Says that nothing at all was published.
     *
     * @throws AssertionError if something was
     */
    public RecordingCoordinatorAssert publishedNothing() {
        isNotNull();
        requireNone(actual.recordings());
        return this;
    }

    private void requireNone(List<Recording> recordings) {
        if (!recordings.isEmpty()) {
            failWithMessage(
                    "%nExpected no such publication, but there %s %d:%s",
                    recordings.size() == 1 ? "was" : "were",
                    recordings.size(),
                    new Wording(info.representation()).list(recordings));
        }
        if (actual.forgotten() > 0) {
            failWithMessage(
                    "%nExpected no such publication, and none is recorded; but %d were forgotten: keep more of them",
                    actual.forgotten());
        }
    }
}
