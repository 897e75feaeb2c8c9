package dev.convoke.examples.demo;

import dev.convoke.event.Event;
import dev.convoke.event.Outcome;
import dev.convoke.spi.CoordinatorObserver;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Shows on standard error how many publications are published and done with: a bar on a terminal, elsewhere a line for each
 * quarter.
 *
 * <p>Thread-safe.
 */
final class Progress implements CoordinatorObserver, AutoCloseable {
    private static final int BAR_CELLS = 24;
    private static final long NANOS_BETWEEN_BARS = 50_000_000;
    private static final int QUARTERS = 4;
    private static final int PERCENT = 100;

    private final ReentrantLock lock = new ReentrantLock();
    private final Console console;
    private final int total;
    private final String done;

    /* Guarded by the lock. */
    private int publications;
    private int succeeded;
    private int failed;
    private long drawnAt = System.nanoTime() - NANOS_BETWEEN_BARS;

    /**
     * Nothing so far.
     *
     * @param done what a publication is that is done with
     */
    Progress(Console console, int total, String done) {
        this.console = console;
        this.total = total;
        this.done = done;
    }

    @Override
    public void onOutcome(Event<?> event, Outcome outcome) {
        int failures = outcome.failures().size();
        add(outcome.results().size() - failures, failures);
    }

    /** One more publication is done with. */
    void add(int moreSucceeded, int moreFailed) {
        lock.lock();
        try {
            publications++;
            failed += moreFailed;
            succeeded += moreSucceeded;
            show();
        } finally {
            lock.unlock();
        }
    }

    private void show() {
        if (console.errIsTerminal()) {
            if (System.nanoTime() - drawnAt >= NANOS_BETWEEN_BARS) {
                drawnAt = System.nanoTime();
                console.eraseLine();
                console.err().print(bar());
            }
        } else if (publications * QUARTERS / total > (publications - 1) * QUARTERS / total) {
            console.err().println(publicationsDone());
        }
    }

    private String bar() {
        int cells = publications * BAR_CELLS / total;
        return "█".repeat(cells)
                + "░".repeat(BAR_CELLS - cells)
                + String.format(Locale.ROOT, " %3d %%  ", publications * PERCENT / total)
                + publicationsDone()
                + String.format(Locale.ROOT, "  ok %,d  failed %,d", succeeded, failed);
    }

    private String publicationsDone() {
        return String.format(Locale.ROOT, "%,d of %,d %s", publications, total, done);
    }

    /** The bar goes. */
    @Override
    public void close() {
        console.eraseLine();
    }
}
