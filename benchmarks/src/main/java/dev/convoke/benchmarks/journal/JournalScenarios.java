package dev.convoke.benchmarks.journal;

import static dev.convoke.benchmarks.journal.Site.WARM_SECONDS;

import dev.convoke.benchmarks.journal.child.Job;
import dev.convoke.benchmarks.journal.child.Load;
import dev.convoke.benchmarks.journal.child.Trace;
import dev.convoke.benchmarks.journal.subject.Subjects;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The scenarios D1 to D6, exactly. */
final class JournalScenarios {
    private static final int FAN_OUT = 3;
    private static final int DRAINED_EVENTS = 41_667; // whose deliveries, less the first and last tenth, are 100,000
    private static final int PER_SECOND = 200;
    private static final int HOT_EVENTS = 20_000;
    private static final int HOT_KEYS = 5;

    private static final int BLOCKED_EVENTS = 20_000;
    private static final int BLOCKED_MILLIS = 5;
    private static final int IDLE_LISTENERS = 200;

    /** Only these keep order. */
    private static final List<String> ORDERING = List.of(Subjects.SQL, Subjects.CONVOKE, Subjects.NAMASTACK);

    private static final List<String> OURS = List.of(Subjects.CONVOKE);

    private static final JournalScenario FLOOD = new JournalScenario(
            "D1", "32 publishers, 1 event → 3 listeners", Subjects.ALL, site -> flood(site, Load::publishers));
    private static final JournalScenario DRAIN = new JournalScenario(
            "D2", "a backlog of 125,000 deliveries, middle 80 %, one process", Subjects.ALL, site -> drain(site, 1));
    private static final JournalScenario HOT = new JournalScenario(
            "D4", "a backlog of 20,000 events on 5 keys, in order, middle 80 %", ORDERING, JournalScenarios::inOrder);

    /** For SQLite. */
    static final List<JournalScenario> SQLITE = Stream.of(FLOOD, DRAIN, HOT)
            .map(scenario -> scenario.with(List.of(Subjects.SQL, Subjects.CONVOKE)))
            .toList();

    static final List<JournalScenario> POSTGRESQL = List.of(
            FLOOD,
            new JournalScenario(
                    "D1-within",
                    "the same, each within a transaction of its own that inserts a row",
                    Subjects.ALL,
                    site -> flood(site, Load::publishersWithin)),
            DRAIN,
            new JournalScenario("D2-two", "the same, two processes", Subjects.ALL, site -> drain(site, 2)),
            new JournalScenario(
                    "D3",
                    "200 events/s → 3 listeners, the same process",
                    Subjects.ALL,
                    site -> latency(site.together(steady(site)))),
            new JournalScenario(
                    "D3-other", "the same, another process", Subjects.ALL, site -> latency(site.apart(steady(site)))),
            new JournalScenario(
                    "D3-notified",
                    "the same, another process, with notifications",
                    OURS,
                    site -> latency(site.apart(steady(site).withNotifications()))),
            HOT,
            new JournalScenario(
                    "D5",
                    "a backlog of 20,000 events, 1 listener of 5 ms, 100 at a time, middle 80 %",
                    Subjects.ALL,
                    JournalScenarios::blocked),
            new JournalScenario("D6", "200 durable listeners, idle", OURS, JournalScenarios::idle));

    private JournalScenarios() {}

    /** Publishes for the given number of seconds. */
    @FunctionalInterface
    private interface Flood {
        Load of(int seconds);
    }

    private static Finding flood(Site site, Flood flood) throws Exception {
        Load load = flood.of(WARM_SECONDS + site.seconds());
        Analysis analysis = site.together(Job.of(site.subject(), site.url(), FAN_OUT, load));
        long from = analysis.begun() + TimeUnit.SECONDS.toNanos(WARM_SECONDS);
        long to = from + TimeUnit.SECONDS.toNanos(site.seconds());
        Map<Figure, Double> figures = new LinkedHashMap<>();
        figures.put(Figure.PUBLICATIONS, analysis.committedBetween(from, to) / (double) site.seconds());
        figures.put(Figure.DELIVERIES, analysis.startedBetween(from, to) / (double) site.seconds());
        figures.put(Figure.BACKLOG, (double) analysis.waitingAt(to));
        return new Finding(figures, analysis.fault());
    }

    private static Finding drain(Site site, int processes) throws Exception {
        Load load = Load.backlog(site.eventsOr(DRAINED_EVENTS), 1);
        return drained(site.drain(Job.of(site.subject(), site.url(), FAN_OUT, load), processes));
    }

    private static Finding inOrder(Site site) throws Exception {
        Load load = Load.backlog(site.eventsOr(HOT_EVENTS), HOT_KEYS);
        return drained(site.drain(Job.of(site.subject(), site.url(), 1, load).inOrder(), 1));
    }

    private static Finding blocked(Site site) throws Exception {
        Load load = Load.backlog(site.eventsOr(BLOCKED_EVENTS), 1);
        return drained(site.drain(Job.of(site.subject(), site.url(), 1, load).withHandlersOf(BLOCKED_MILLIS), 1));
    }

    private static Finding idle(Site site) throws Exception {
        Trace trace = site.idle(Job.of(site.subject(), site.url(), IDLE_LISTENERS, Load.idle(site.seconds())));
        Map<Figure, Double> figures = new LinkedHashMap<>();
        figures.put(Figure.STATEMENTS, trace.statements() / (double) site.seconds());
        figures.put(Figure.SUBSCRIBED, trace.subscribing() / 1e6);
        return new Finding(figures, "");
    }

    private static Finding drained(Analysis analysis) {
        return new Finding(
                Map.of(Figure.DELIVERIES, analysis.middlePerSecond()), analysis.fault(), analysis.tenthsPerSecond());
    }

    private static Job steady(Site site) {
        return Job.of(site.subject(), site.url(), FAN_OUT, Load.steady(PER_SECOND, WARM_SECONDS + site.seconds()));
    }

    private static Finding latency(Analysis analysis) {
        long from = analysis.begun() + TimeUnit.SECONDS.toNanos(WARM_SECONDS);
        long[] untilCommitted = analysis.untilCommitted(from);
        long[] untilStarted = analysis.untilStarted(from);
        Map<Figure, Double> figures = new LinkedHashMap<>();
        figures.put(Figure.COMMITTED_P50, Analysis.percentileMillis(untilCommitted, 50));
        figures.put(Figure.COMMITTED_P99, Analysis.percentileMillis(untilCommitted, 99));
        figures.put(Figure.STARTED_P50, Analysis.percentileMillis(untilStarted, 50));
        figures.put(Figure.STARTED_P99, Analysis.percentileMillis(untilStarted, 99));
        return new Finding(figures, analysis.fault());
    }
}
