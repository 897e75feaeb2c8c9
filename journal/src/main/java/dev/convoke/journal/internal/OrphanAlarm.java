package dev.convoke.journal.internal;

import dev.convoke.journal.DurableListenerStatus;
import dev.convoke.journal.JournalOptions;
import java.sql.SQLException;
import java.util.Set;

/** Tells of listeners that no process has any more. Confined to the housekeeper's thread. */
final class OrphanAlarm {
    /** A process that has just begun may take so long to subscribe all that it is going to. */
    private static final long SHORTEST_START_NANOS = java.util.concurrent.TimeUnit.SECONDS.toNanos(30);

    private final Journal journal;
    private final Alarm<DurableListenerStatus> alarm;
    private final long notBefore;

    OrphanAlarm(Journal journal) {
        JournalOptions options = journal.options();
        this.journal = journal;
        this.alarm = new Alarm<>(journal, options.onOrphan().orElse(orphan -> log(orphan, options)));
        long ttl = options.sessionTtl().toNanos();
        this.notBefore =
                System.nanoTime() + (options.onOrphan().isPresent() ? ttl : Math.max(ttl, SHORTEST_START_NANOS));
    }

    private static void log(DurableListenerStatus orphan, JournalOptions options) {
        Log.warn("listener " + orphan.listener() + " is orphaned: no process has had it for " + options.sessionTtl()
                + ", and " + orphan.open() + " deliveries wait for it; deploy it again, or remove it by"
                + " journal.retire(\"" + orphan.listener() + "\")");
    }

    void look() throws SQLException {
        if (notBefore - System.nanoTime() > 0 || alarm.isBusy()) {
            return;
        }
        Set<String> orphans = journal.database().brief(journal.listeners()::orphans);
        if (alarm.isAnyNew(orphans)) {
            alarm.tell(journal.listeners().statuses().stream()
                    .filter(listener -> listener.isOrphaned() && alarm.isNew(listener.listener()))
                    .toList());
        }
    }
}
