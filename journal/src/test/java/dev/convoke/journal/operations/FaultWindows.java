package dev.convoke.journal.operations;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** When which process was hit by what. Thread-safe. */
final class FaultWindows {
    /** Every process. */
    static final String ALL = "all";

    /** From when a delivery is this process's to when its listener begins, and from its listener's end to when that is written down. */
    private static final long CLAIMED_BEFORE = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long WRITTEN_AFTER = TimeUnit.MILLISECONDS.toNanos(1_500);

    private final List<Window> windows = new CopyOnWriteArrayList<>();

    /** One fault; it lasts until it is {@linkplain #heal healed}. */
    static final class Window {
        private final String fault;
        private final String incarnation;
        private final long begin;
        private final boolean isExcuse;
        private volatile long end = Long.MAX_VALUE;

        Window(String fault, String incarnation, long begin, boolean isExcuse) {
            this.isExcuse = isExcuse;
            this.fault = fault;
            this.incarnation = incarnation;
            this.begin = begin;
        }

        /** The fault is over, and what it has done will be known to all after so long. */
        void heal(long aftermathMillis) {
            healAt(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(aftermathMillis));
        }

        void healAt(long nanos) {
            end = nanos;
        }

        private boolean hits(History.Run run, long written) {
            return isExcuse && isOf(run) && run.start() - CLAIMED_BEFORE <= end && begin <= written;
        }

        private boolean isOf(History.Run run) {
            return incarnation.equals(ALL) || incarnation.equals(run.incarnation());
        }

        /** When the end of a run is written down that would be by then, but for this. */
        private long delayed(History.Run run, long written) {
            boolean isHeldUp = isOf(run) && begin <= written && run.end() <= end;
            return isHeldUp ? Math.max(written, plus(end, WRITTEN_AFTER)) : written;
        }

        private static long plus(long nanos, long more) {
            return nanos == Long.MAX_VALUE ? nanos : nanos + more;
        }

        String describe(long origin) {
            return "%s of %s at %.3f-%s"
                    .formatted(
                            fault,
                            incarnation,
                            (begin - origin) / 1e9,
                            end == Long.MAX_VALUE ? "" : "%.3f".formatted((end - origin) / 1e9));
        }
    }

    /** A fault of one process begins. */
    Window of(String incarnation, String fault) {
        return at(incarnation, fault, System.nanoTime());
    }

    /** A fault that hits all processes begins. */
    Window ofAll(String fault) {
        return of(ALL, fault);
    }

    /** Something begins that a process has to bear, so that it explains nothing. */
    Window noExcuse(String incarnation, String what) {
        return add(new Window(what + " (no excuse)", incarnation, System.nanoTime(), false));
    }

    /** Processes that the machine did not let run might as well have been frozen. */
    void add(List<History.Stall> stalls) {
        stalls.forEach(stall -> at(stall.incarnation(), "stall", stall.begin()).healAt(stall.end()));
    }

    Window at(String incarnation, String fault, long nanos) {
        return add(new Window(fault, incarnation, nanos, true));
    }

    private Window add(Window window) {
        windows.add(window);
        return window;
    }

    /** What hit the process while it had this delivery. */
    Optional<Window> thatHit(History.Run run) {
        long written = Window.plus(run.end(), WRITTEN_AFTER);
        for (Window window : windows) { // in the order of their beginnings
            written = window.delayed(run, written);
        }
        long until = written;
        return windows.stream().filter(window -> window.hits(run, until)).findFirst();
    }

    List<String> describe(long origin) {
        return windows.stream().map(window -> window.describe(origin)).toList();
    }
}
