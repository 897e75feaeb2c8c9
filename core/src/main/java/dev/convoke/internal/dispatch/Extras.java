package dev.convoke.internal.dispatch;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.PublicationRefusedException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What only few publications have. Written before the publication is shared. */
final class Extras {
    /** Of publications that have nothing of it; never written. */
    static final Extras NONE = new Extras();

    static Extras of(PublicationRefusedException refusal) {
        Extras made = new Extras();
        made.refusal = refusal;
        return made;
    }

    static Extras of(StoredDelivery stored) {
        Extras made = new Extras();
        made.stored = stored;
        return made;
    }

    static Extras of(DeadLetter retried) {
        Extras made = new Extras();
        made.retried = retried;
        return made;
    }

    /** The publisher's attributes, and what was carried to the journal besides. */
    Map<String, String> withCarried(Map<String, String> given) {
        if (carriedAttributes.isEmpty()) {
            return given;
        }
        Map<String, String> all = new LinkedHashMap<>(carriedAttributes);
        all.putAll(given);
        return all;
    }

    @Nullable PublicationRefusedException refusal;

    @Nullable PublicationDeadline deadline;

    /** Who starts the deliveries, where it is one after another. */
    @Nullable OneByOne oneByOne;

    @Nullable PublicationRecord flightRecord;

    /** The dead letter that this delivers again. */
    @Nullable DeadLetter retried;

    /** What becomes of it in the journal, where that is asked to keep it, or cannot be. */
    @Nullable Acceptance acceptance;

    /** The delivery of the journal's that this makes. */
    @Nullable StoredDelivery stored;

    /** What its publisher's thread had. */
    @Nullable Carried carried;

    /** The same as text, for the journal. */
    Map<String, String> carriedAttributes = Map.of();

    /** What of it cannot be text, to be remembered for durable listeners of this process. */
    @Nullable Carried remembered;
}
