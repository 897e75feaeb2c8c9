package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * A delivery in Java Flight Recorder, from the start of its first attempt to its result; one that never started has no
 * duration.
 *
 * <p>Made by the thread that starts the listener, written by the one that settles the delivery.
 */
@Name("dev.convoke.Delivery")
@Label("Delivery")
@Category("Convoke")
@Description("From a listener's start until its delivery has its result")
@Enabled(false)
@StackTrace(false)
final class DeliveryRecord extends Event {
    @Label("Event")
    @Nullable String event;

    @Label("Event Id")
    @Nullable String eventId;

    @Label("Listener")
    @Nullable String listener;

    @Label("Result")
    @Nullable String result;

    @Label("Attempts")
    int attempts;

    static boolean isWanted() {
        return new DeliveryRecord().isEnabled();
    }

    static DeliveryRecord begun() {
        DeliveryRecord made = new DeliveryRecord();
        made.begin();
        return made;
    }

    void end(LivePublication<?> publication, DeliveryResult ended) {
        end();
        if (shouldCommit()) {
            event = publication.type().name();
            eventId = publication.id();
            listener = ended.listener();
            result = ended.getClass().getSimpleName();
            attempts = ended.attempts();
            commit();
        }
    }
}
