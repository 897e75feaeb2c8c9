package dev.convoke.journal.internal;

import dev.convoke.journal.JournalOptions;
import dev.convoke.journal.UnreadableDelivery;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Tells of deliveries that no process can read. Confined to the housekeeper's thread. */
final class UnreadableAlarm {
    private final Journal journal;
    private final Alarm<UnreadableDelivery> alarm;

    UnreadableAlarm(Journal journal) {
        JournalOptions options = journal.options();
        this.journal = journal;
        this.alarm = new Alarm<>(
                journal, options.onUnreadable().orElse(unreadable -> log(unreadable, options.unreadableGrace())));
    }

    private static void log(UnreadableDelivery unreadable, Duration grace) {
        Log.warn(unreadable.deliveries() + " deliveries of event " + unreadable.eventName() + " in version "
                + unreadable.version() + " to listener " + unreadable.listener()
                + " cannot be read by any process that has tried; they wait for one that can, and are dead after "
                + grace + ". The last process said: " + unreadable.error());
    }

    void look() throws SQLException {
        if (alarm.isBusy()) {
            return;
        }
        long settle = Math.min(
                journal.ttlMillis(), journal.options().unreadableGrace().toMillis() / 2);
        List<UnreadableDelivery> found =
                journal.database().brief(connection -> journal.deliveries().unreadable(connection, settle));
        if (alarm.isAnyNew(found.stream().map(UnreadableAlarm::identity).toList())) {
            alarm.tell(found.stream().filter(one -> alarm.isNew(identity(one))).toList());
        }
    }

    private static Object identity(UnreadableDelivery unreadable) {
        return List.of(unreadable.listener(), unreadable.eventName(), unreadable.version());
    }
}
