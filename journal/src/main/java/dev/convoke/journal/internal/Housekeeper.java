package dev.convoke.journal.internal;

import dev.convoke.journal.internal.DeliveryTable.Recovered;
import dev.convoke.journal.internal.SessionTable.Session;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Takes over from processes that are gone, tidies up, and raises alarms; on a thread of its own, as some of it takes longer where
 * there is more. Any number of processes do it at a time.
 */
final class Housekeeper implements Runnable {
    /** After so many crashes of a process that ran it, a delivery is taken for what crashes them. */
    private static final int MOST_CRASHES = 5;

    /** A crash counts for so long. */
    private static final long CRASHES_MILLIS = TimeUnit.HOURS.toMillis(1);

    /** Events that are looked at in one transaction, for whether they can be forgotten, and how often in one round. */
    private static final int LOOKED_AT = 1_000;

    private static final int MOST_LOOKS = 20;

    /** How often it looks for what takes longer where there is more: lanes that nobody lets go on, versions that are gone. */
    private static final long SELDOM_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final int SELDOM_SHARE = 100;

    private final Journal journal;
    private final Presence presence;
    private final Burials burials;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final RepeatedWarning warning =
            new RepeatedWarning("the journal could not be tidied up; it is tried again in a moment");

    /** When it looks for the latter again. Confined to the thread, as is the next. */
    private long seldomAt = System.nanoTime();

    /** The last event that was looked at. */
    private long forgottenTo;

    Housekeeper(Journal journal, Presence presence) {
        this.journal = journal;
        this.presence = presence;
        this.burials = new Burials(journal);
    }

    @Override
    public void run() {
        OrphanAlarm orphans = new OrphanAlarm(journal);
        UnreadableAlarm unreadable = new UnreadableAlarm(journal);
        long pause = Heart.pauseMillis(journal.ttlMillis());
        try {
            while (!stop.await(pause, TimeUnit.MILLISECONDS)) {
                round(orphans, unreadable);
            }
        } catch (InterruptedException e) {
            // as good as being stopped
        }
    }

    private void round(OrphanAlarm orphans, UnreadableAlarm unreadable) {
        try {
            journal.beginAgainWhereLost();
            journal.listeners().enterWhereMoved();
            takeOver();
            bury();
            forget();
            journal.lookForRoom();
            orphans.look();
            unreadable.look();
            if (seldomAt - System.nanoTime() <= 0) {
                seldom();
            }
            journal.worker().wake();
            warning.end();
        } catch (SQLException | RuntimeException | Error e) {
            warning.warn(e);
        }
    }

    /** Ends the sessions of processes that are gone, and lets others make what these had begun. */
    private void takeOver() throws SQLException {
        for (Session gone : presence.gone(journal.session())) {
            boolean isEnded = journal.database().brief(connection -> {
                boolean ended = journal.sessions().endSilent(connection, gone);
                if (ended) {
                    journal.listenerTable().leave(connection, gone.id());
                }
                return ended;
            });
            if (isEnded) {
                Log.info("the process of session " + gone.id() + " is gone: others take over what it was delivering");
                presence.forget(gone);
            }
        }
        Recovered recovered =
                burials.bury(connection -> journal.deliveries().recover(connection, CRASHES_MILLIS, MOST_CRASHES));
        if (recovered.deliveries() > 0) {
            seldomAt = System.nanoTime(); // they may also have been lost before they let a lane go on
        }
    }

    private void bury() throws SQLException {
        long grace = journal.options().unreadableGrace().toMillis();
        burials.bury(connection -> journal.deliveries().buryParked(connection, grace));
    }

    private void seldom() throws SQLException {
        long now = System.nanoTime();
        journal.worker().lookAt(journal.database().brief(journal.deliveries()::stuckLanes));
        long grace = journal.options().unreadableGrace().toMillis();
        journal.database().briefly(connection -> {
            journal.listenerTable().forgetReaders(connection);
            journal.listenerTable().lapse(connection, grace);
        });
        for (String retired : journal.database().brief(journal.listenerTable()::retired)) {
            journal.listeners().remove(retired);
        }
        seldomAt = now + Math.max(SELDOM_NANOS, SELDOM_SHARE * (System.nanoTime() - now));
    }

    /** Goes on where it stopped the last time, and with the oldest when it has come to the young ones. */
    private void forget() throws SQLException {
        long retention = journal.options().retention().toMillis() + journal.rememberedMillis();
        boolean isWorthIt = true;
        for (int i = 0; isWorthIt && i < MOST_LOOKS; i++) {
            EventTable.Old old = journal.database()
                    .brief(connection -> journal.events().forget(connection, forgottenTo, LOOKED_AT, retention));
            forgottenTo = old.isFull() ? old.last() : 0;
            isWorthIt = old.isFull() && old.forgotten() > LOOKED_AT / 2;
        }
    }

    void stop() {
        stop.countDown();
    }
}
