package dev.convoke.benchmarks.journal;

import dev.convoke.benchmarks.journal.child.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Computes figures from what happened in the processes of one measurement. Times are nanoseconds. */
final class Analysis {
    private static final int TENTHS = 10;

    private final Trace publisher;
    private final List<Trace> workers;
    private final int listeners;
    private final boolean isWhole;

    /**
     * @param workers those that delivered; the publisher may be one of them
     * @param isWhole whether there was time for all deliveries
     */
    Analysis(Trace publisher, List<Trace> workers, int listeners, boolean isWhole) {
        this.publisher = publisher;
        this.workers = List.copyOf(workers);
        this.listeners = listeners;
        this.isWhole = isWhole;
    }

    /** When publishing began. */
    long begun() {
        return publisher.begun();
    }

    /** How many events were committed from then on and before the other time. */
    long committedBetween(long from, long to) {
        return between(Arrays.stream(publisher.committed()), from, to);
    }

    long startedBetween(long from, long to) {
        return between(started(), from, to);
    }

    /** How many deliveries of what was committed by then had not begun. */
    long waitingAt(long time) {
        return Math.max(0, committedBetween(0, time) * listeners - startedBetween(0, time));
    }

    private static long between(LongStream times, long from, long to) {
        return times.filter(time -> time != 0 && time >= from && time < to).count();
    }

    private LongStream started() {
        return workers.stream()
                .flatMap(worker -> worker.started().stream())
                .flatMapToLong(Arrays::stream)
                .filter(time -> time != 0);
    }

    /** From the call to the commit, for events published from then on; sorted. */
    long[] untilCommitted(long from) {
        List<Long> waits = new ArrayList<>();
        for (int number = 0; number < publisher.committed().length; number++) {
            if (publisher.published()[number] >= from) {
                waits.add(publisher.committed()[number] - publisher.published()[number]);
            }
        }
        return sorted(waits);
    }

    /** From the commit to the start of each delivery, for events published from then on; sorted. */
    long[] untilStarted(long from) {
        List<Long> waits = new ArrayList<>();
        for (Trace worker : workers) {
            for (long[] times : worker.started()) {
                for (int number = 0; number < times.length; number++) {
                    if (times[number] != 0 && publisher.published()[number] >= from) {
                        waits.add(Math.max(0, times[number] - publisher.committed()[number]));
                    }
                }
            }
        }
        return sorted(waits);
    }

    private static long[] sorted(List<Long> waits) {
        return waits.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    static double percentileMillis(long[] sorted, int percent) {
        return sorted.length == 0 ? Double.NaN : sorted[(sorted.length - 1) * percent / 100] / 1e6;
    }

    /** Deliveries a second between the first tenth and the last. */
    double middlePerSecond() {
        long[] all = started().sorted().toArray();
        return perSecond(all, all.length / TENTHS, all.length - all.length / TENTHS - 1);
    }

    double[] tenthsPerSecond() {
        long[] all = started().sorted().toArray();
        double[] tenths = new double[TENTHS];
        for (int i = 0; i < TENTHS; i++) {
            tenths[i] = perSecond(all, all.length * i / TENTHS, all.length * (i + 1) / TENTHS - 1);
        }
        return tenths;
    }

    private static double perSecond(long[] times, int from, int to) {
        return to <= from ? Double.NaN : (to - from) * 1e9 / (times[to] - times[from]);
    }

    /** Says what is wrong: deliveries that were made twice, or in the wrong order, or not at all. */
    String fault() {
        List<String> faults = new ArrayList<>();
        add(faults, twice(), "twice");
        add(faults, workers.stream().mapToLong(Trace::misordered).sum(), "in the wrong order");
        add(faults, missing(), isWhole ? "lost" : "left when the time was over");
        return String.join(", ", faults);
    }

    private static void add(List<String> faults, long count, String what) {
        if (count > 0) {
            faults.add(count + " " + what);
        }
    }

    /** By one worker, or by two. */
    private long twice() {
        long made =
                workers.stream().mapToLong(Trace::repeated).sum() + started().count();
        return made - distinct();
    }

    private long distinct() {
        long distinct = 0;
        for (int listener = 0; listener < workers.get(0).started().size(); listener++) {
            int events = 0;
            for (Trace worker : workers) {
                events = Math.max(events, worker.started().get(listener).length);
            }
            for (int number = 0; number < events; number++) {
                distinct += isStarted(listener, number) ? 1 : 0;
            }
        }
        return distinct;
    }

    private boolean isStarted(int listener, int number) {
        return workers.stream()
                .map(worker -> worker.started().get(listener))
                .anyMatch(times -> number < times.length && times[number] != 0);
    }

    private long missing() {
        long missing = 0;
        for (int number = 0; number < publisher.committed().length; number++) {
            for (int listener = 0; listener < listeners && publisher.committed()[number] != 0; listener++) {
                missing += isStarted(listener, number) ? 0 : 1;
            }
        }
        return missing;
    }
}
