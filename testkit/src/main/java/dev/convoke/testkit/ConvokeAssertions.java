package dev.convoke.testkit;

import dev.convoke.Publication;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Outcome;

/**
 * Where assertions about coordinators begin; to be imported statically, beside AssertJ's own.
 *
 * <p>Thread-safe: it has no state.
 */
public final class ConvokeAssertions {
    private ConvokeAssertions() {}

    /** For what was published. */
    public static RecordingCoordinatorAssert assertThat(RecordingCoordinator actual) {
        return new RecordingCoordinatorAssert(actual);
    }

    /** For what became of a publication. */
    public static OutcomeAssert assertThat(Outcome actual) {
        return new OutcomeAssert(actual);
    }

    /** For what became of one delivery. */
    public static DeliveryResultAssert assertThat(DeliveryResult actual) {
        return new DeliveryResultAssert(actual);
    }

    /** For how far a publication has come. */
    public static PublicationAssert assertThat(Publication<?> actual) {
        return new PublicationAssert(actual);
    }
}
