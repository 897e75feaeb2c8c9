package dev.convoke.journal.internal;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.sqlite.BusyHandler;

/**
 * How a connection waits for its turn at SQLite's file: it asks again every few milliseconds. SQLite's own way is to ask less often the
 * longer one has waited, so that a process which writes all the time can keep another one waiting for seconds.
 *
 * <p>Confined to the thread that uses the connection.
 */
final class FairWait extends BusyHandler {
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final long patienceNanos;
    private long since;

    FairWait(int patienceMillis) {
        this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    }

    /** Asked each time the file is another's; says whether to ask again. */
    @Override
    protected int callback(int timesBefore) {
        if (timesBefore == 0) {
            since = System.nanoTime();
        }
        pause();
        return System.nanoTime() - since < patienceNanos ? 1 : 0;
    }

    /** An interrupted thread could not sleep, and would ask all the time. */
    private static void pause() {
        boolean isInterrupted = Thread.interrupted();
        try {
            TimeUnit.NANOSECONDS.sleep(ThreadLocalRandom.current().nextLong(SHORTEST_NANOS, LONGEST_NANOS));
        } catch (InterruptedException e) {
            isInterrupted = true;
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
