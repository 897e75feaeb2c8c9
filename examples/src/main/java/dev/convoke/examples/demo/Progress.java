package dev.convoke.examples.demo;

import dev.convoke.event.Event;
import dev.convoke.event.Outcome;
import dev.convoke.spi.CoordinatorObserver;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Shows on standard error how many publications have their outcome: a bar on a terminal, elsewhere a line for each
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

    /* Guarded by the lock. */
    private int publications;
    private int succeeded;
    private int failed;
    private long drawnAt = System.nanoTime() - NANOS_BETWEEN_BARS;

    Progress(Console console, int total) {
        this.console = console;
        this.total = total;
    }

    @Override
    public void onOutcome(Event<?> event, Outcome outcome) {
        int failures = outcome.failures().size();
        lock.lock();
        try {
            publications++;
            failed += failures;
            succeeded += outcome.results().size() - failures;
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
            console.err().println(published());
        }
    }

    private String bar() {
        int done = publications * BAR_CELLS / total;
        return "█".repeat(done)
                + "░".repeat(BAR_CELLS - done)
                + String.format(Locale.ROOT, " %3d %%  ", publications * PERCENT / total)
                + published()
                + String.format(Locale.ROOT, "  ok %,d  failed %,d", succeeded, failed);
    }

    private String published() {
        return String.format(Locale.ROOT, "%,d of %,d published", publications, total);
    }

    /** The bar goes. */
    @Override
    public void close() {
        console.eraseLine();
    }
}
