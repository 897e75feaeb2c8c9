package dev.convoke.journal.internal;

import dev.convoke.journal.DurableListenerStatus;
import dev.convoke.journal.JournalOptions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of listeners that no process has any more, each once as long as it stays so.
 *
 * <p>Confined to the heart's thread. Who is told is told on another one, of which there is one at a time.
 */
final class OrphanAlarm {
    private final Journal journal;
    private final Consumer<? super DurableListenerStatus> handler;
    private final Set<String> told = new HashSet<>();

    /** A process that has just begun may not have subscribed all that it is going to. */
    private final long notBefore;

    private @Nullable Thread telling;

    OrphanAlarm(Journal journal) {
        JournalOptions options = journal.options();
        this.journal = journal;
        this.handler = options.onOrphan().orElse(orphan -> log(orphan, options));
        this.notBefore = System.nanoTime() + options.sessionTtl().toNanos();
    }

    private static void log(DurableListenerStatus orphan, JournalOptions options) {
        Log.warn("listener " + orphan.listener() + " is orphaned: no process has had it for " + options.sessionTtl()
                + ", and " + orphan.open() + " deliveries wait for it; deploy it again, or give it up by retire");
    }

    void look() throws SQLException {
        if (notBefore - System.nanoTime() > 0 || (telling != null && telling.isAlive())) {
            return;
        }
        Set<String> orphans = journal.database().brief(journal::orphans);
        told.retainAll(orphans);
        if (!told.containsAll(orphans)) {
            tell(journal.allListeners());
        }
    }

    private void tell(List<DurableListenerStatus> listeners) {
        List<DurableListenerStatus> untold = new ArrayList<>();
        for (DurableListenerStatus listener : listeners) {
            if (listener.isOrphaned() && told.add(listener.listener())) {
                untold.add(listener);
            }
        }
        telling = journal.thread("alarm", () -> untold.forEach(this::callHandler));
        telling.start();
    }

    private void callHandler(DurableListenerStatus orphan) {
        try {
            handler.accept(orphan);
        } catch (Throwable e) { // the next one is to be told, too
            Log.warn("who is to be told of orphaned listeners failed at " + orphan.listener(), e);
        }
    }
}
