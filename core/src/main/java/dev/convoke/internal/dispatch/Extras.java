package dev.convoke.internal.dispatch;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.PublicationRefusedException;
import org.jspecify.annotations.Nullable;

/** What only few publications have. Written before the publication is shared. */
final class Extras {
    @Nullable PublicationRefusedException refusal;

    Deadlines.@Nullable Entry deadline;

    @Nullable OneByOne oneByOne;

    @Nullable PublicationRecord flightRecord;

    /** The dead letter that this delivers again. */
    @Nullable DeadLetter retried;

    /** What its publisher's thread had. */
    @Nullable Carried carried;
}
