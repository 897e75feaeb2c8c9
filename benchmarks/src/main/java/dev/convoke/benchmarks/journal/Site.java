package dev.convoke.benchmarks.journal;

import dev.convoke.benchmarks.journal.child.ChildJvm;
import dev.convoke.benchmarks.journal.child.Job;
import dev.convoke.benchmarks.journal.child.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where one subject is measured: an empty database, and processes of its own.
 *
 * @param seconds how long to measure, once all is warm
 * @param events how large a backlog is; 0 for what the scenario has
 */
record Site(String subject, String url, int seconds, int events) {
    /** Before that, nothing counts. */
    static final int WARM_SECONDS = 3;

    private static final int LONGEST_DRAIN_SECONDS = 20;
    private static final int SLOWEST_PER_SECOND = 1_000; // of a backlog whose size was asked for
    private static final int POLL_MILLIS = 20;

    int eventsOr(int usual) {
        return events == 0 ? usual : events;
    }

    /** A process that publishes and delivers, until it has delivered everything. */
    Analysis together(Job job) throws Exception {
        try (ChildJvm child = ChildJvm.start(job)) {
            child.go();
            boolean isWhole = awaitDelivered(List.of(child), child.awaitPublished() * job.listeners());
            Trace trace = child.stop();
            return new Analysis(trace, List.of(trace), job.listeners(), isWhole);
        }
    }

    /** A process that publishes beside another one that delivers. */
    Analysis apart(Job job) throws Exception {
        try (ChildJvm worker = ChildJvm.start(job.deliveringOnly());
                ChildJvm publisher = ChildJvm.start(job.publishingOnly())) {
            worker.go();
            worker.awaitListening();
            publisher.go();
            boolean isWhole = awaitDelivered(List.of(worker), publisher.awaitPublished() * job.listeners());
            return new Analysis(publisher.stop(), List.of(worker.stop()), job.listeners(), isWhole);
        }
    }

    /** A process that subscribes, and then does nothing but what it must. */
    Trace idle(Job job) throws Exception {
        try (ChildJvm child = ChildJvm.start(job)) {
            child.go();
            child.awaitCounted();
            return child.stop();
        }
    }

    /** A process that publishes a backlog and ends, and then so many processes that begin at the same time to deliver it. */
    Analysis drain(Job job, int processes) throws Exception {
        Trace publisher;
        try (ChildJvm filling = ChildJvm.start(job.publishingOnly())) {
            filling.go();
            filling.awaitPublished();
            publisher = filling.stop();
        }
        List<ChildJvm> workers = new ArrayList<>();
        try {
            for (int i = 0; i < processes; i++) {
                workers.add(ChildJvm.start(job.deliveringOnly()));
            }
            return drain(job, publisher, workers);
        } finally {
            for (ChildJvm worker : workers) {
                worker.close();
            }
        }
    }

    private Analysis drain(Job job, Trace publisher, List<ChildJvm> workers) throws Exception {
        for (ChildJvm worker : workers) {
            worker.go();
        }
        boolean isWhole = awaitDelivered(workers, (long) job.load().events() * job.listeners());
        List<Trace> traces = new ArrayList<>();
        for (ChildJvm worker : workers) {
            traces.add(worker.stop());
        }
        return new Analysis(publisher, traces, job.listeners(), isWhole);
    }

    /** Waits for what was published, with a limit, as a subject may lose something; says whether all came. */
    private boolean awaitDelivered(List<ChildJvm> workers, long deliveries) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_DRAIN_SECONDS + events / SLOWEST_PER_SECOND);
        while (delivered(workers) < deliveries) {
            if (System.nanoTime() > end) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return true;
    }

    private static long delivered(List<ChildJvm> workers) {
        return workers.stream().mapToLong(ChildJvm::delivered).sum();
    }
}
