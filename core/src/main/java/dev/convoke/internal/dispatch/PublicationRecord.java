package dev.convoke.internal.dispatch;

import dev.convoke.event.Outcome;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * A publication in Java Flight Recorder, from its beginning to its outcome.
 *
 * <p>Made by the publisher's thread, written by the one that settles last.
 */
@Name("dev.convoke.Publication")
@Label("Publication")
@Category("Convoke")
@Description("From the call of publishEvent until every delivery has its result")
@Enabled(false)
@StackTrace(false)
final class PublicationRecord extends Event {
    @Label("Event")
    @Nullable String event;

    @Label("Event Id")
    @Nullable String eventId;

    @Label("Listeners")
    int listeners;

    @Label("Failures")
    int failures;

    @Label("Refusal")
    @Nullable String refusal;

    /** Whether somebody wants records of publications or deliveries. */
    static boolean isWanted() {
        return new PublicationRecord().isEnabled() || DeliveryRecord.isWanted();
    }

    /** Begins a record; null where nobody wants one. */
    static @Nullable PublicationRecord begun() {
        PublicationRecord made = new PublicationRecord();
        if (!made.isEnabled()) {
            return null;
        }
        made.begin();
        return made;
    }

    void end(LivePublication<?> publication, Outcome outcome) {
        end();
        if (shouldCommit()) {
            event = publication.type().name();
            eventId = outcome.eventId();
            listeners = outcome.results().size();
            failures = outcome.failures().size();
            refusal = outcome.refusal().map(Enum::name).orElse(null);
            commit();
        }
    }
}
