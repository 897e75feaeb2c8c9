package dev.convoke.benchmarks.run;

import dev.convoke.benchmarks.bus.Feature;
import dev.convoke.benchmarks.report.Metric;
import java.util.List;
import java.util.Map;

/** All scenarios, as data. */
final class Scenarios {
    static final List<Scenario> ALL = List.of(
            new Scenario("S1", "Publish to inline listeners", Kind.INLINE, "PublishBenchmark.publish", "listeners")
                    .variants(List.of("1", "4", "16", "128"), List.of("1", "16"))
                    .subjects(
                            List.of("Convoke", "Convoke kept", "L1", "L2", "L3", "NeoForged", "Guava"),
                            List.of("greenrobot", "MBassador", "Spring", "Weld"))
                    .limits(Map.of("", "L3")),
            new Scenario(
                            "S1b",
                            "Hand off to 4 listeners on other threads, nobody waits",
                            Kind.HAND_OFF,
                            "HandOffBenchmark.publish",
                            "listeners")
                    .variants(List.of("4"), List.of("4"))
                    .subjects(
                            List.of("Convoke on pool", "Convoke", "L5", "L4", "Disruptor", "Reactor"),
                            List.of("Convoke, stopped clock", "Guava", "Vert.x", "Pekko"))
                    .limits(Map.of("", "L5", "Convoke", "L4"))
                    .compared(Metric.CPU),
            new Scenario(
                            "S1c",
                            "Join listeners that complete later, for each of 16",
                            Kind.PENDING,
                            "JoinBenchmark.publish",
                            "listeners")
                    .variants(List.of("16"), List.of("16"))
                    .subjects(List.of("Convoke", "L2"), List.of("Convoke, stopped clock", "callbacks"))
                    .limits(Map.of("", "L2")),
            new Scenario(
                            "S2",
                            "Publish to listeners on other threads, and await them",
                            Kind.AWAITED,
                            "AwaitBenchmark.publish",
                            "listeners")
                    .variants(List.of("1", "4", "16"), List.of("4"))
                    .subjects(List.of("Convoke on pool", "L5", "Convoke", "L4"), List.of("Vert.x"))
                    .limits(Map.of("", "L5", "Convoke", "L4"))
                    .compared(Metric.CPU)
                    .forks(3), // how often a carrier goes to sleep differs from JVM to JVM
            new Scenario(
                            "S3",
                            "16 listeners that block for 1 ms; time between events",
                            Kind.AWAITED,
                            "BlockingBenchmark.publish",
                            "publishers")
                    .variants(List.of("1", "64"), List.of("1", "64"))
                    .subjects(List.of("Convoke", "L4", "L5"), List.of("Weld", "MBassador"))
                    .limits(Map.of("", "L4"))
                    .threads(Integer::parseInt)
                    .cap("Weld", 1) // of so many publishers some wait forever for the one thread that delivers
                    .timeOfAllThreads(),
            new Scenario(
                            "S4",
                            "Two publishers, 4 inline listeners",
                            Kind.EVENTS,
                            "TwoPublishersBenchmark.publish",
                            "events")
                    .variants(List.of("one event", "an event each"), List.of("one event", "an event each"))
                    .subjects(List.of("Convoke", "L6", "NeoForged"), List.of("Convoke by name", "Guava"))
                    .limits(Map.of("", "L6"))
                    .threads(variant -> 2),
            new Scenario("S5", "One of many events", Kind.EVENTS, "ManyEventsBenchmark.publish", "events")
                    .variants(List.of("10", "10000", "1000000"), List.of("10", "1000000"))
                    .subjects(
                            List.of("Convoke", "L6", "Convoke bound once"),
                            List.of("Convoke by name", "Reactor and map", "Vert.x"))
                    .limits(Map.of("", "L6"))
                    .longer(events -> events.equals("1000000") ? 3 : 1) // each is bound when it is first published
                    .heap("3g"),
            new Scenario("S6", "Add and remove listeners", Kind.SILENT, "ChurnBenchmark.addAndRemove", "listeners")
                    .variants(List.of("1000", "10000", "100000"), List.of("10000", "100000"))
                    .subjects(List.of("Convoke", "Hash set"), List.of("Spring", "MBassador", "Guava", "NeoForged"))
                    .limits(Map.of("", "Hash set"))
                    .cap("Guava", 10_000) // half a second for so many, and minutes for ten times as many
                    .heap("1g"),
            new Scenario("S7", "Publish with no listener", Kind.SILENT, "PublishBenchmark.publish", "listeners")
                    .variants(List.of("0"), List.of("0"))
                    .subjects(
                            List.of("Convoke", "Convoke kept", "L6", "NeoForged", "Guava"),
                            List.of("greenrobot", "MBassador", "Spring", "Weld"))
                    .limits(Map.of("", "L6")),
            new Scenario("S8", "4 publishers, 1,000 keys", Kind.HAND_OFF, "KeyedBenchmark.publish", "keys")
                    .variants(List.of("1000"), List.of("1000"))
                    .subjects(List.of("Convoke ordered", "Convoke unordered"), List.of())
                    .limits(Map.of("", "Convoke unordered"))
                    .threads(variant -> 4)
                    .timeOfAllThreads(),
            new Scenario(
                            "F1",
                            "One inline listener, one feature",
                            Kind.SILENT,
                            "FeatureInlineBenchmark.publish",
                            "listeners")
                    .variants(List.of("1"), List.of("1"))
                    .subjects(List.of("none", "timeout", "observer", "ordered"), Feature.names())
                    .limits(Map.of("", "none")),
            new Scenario(
                            "F2",
                            "One listener on a pool, one feature",
                            Kind.SILENT,
                            "FeatureHandOffBenchmark.publish",
                            "listeners")
                    .variants(List.of("1"), List.of("1"))
                    .subjects(List.of("none", "timeout", "ordered"), Feature.names())
                    .limits(Map.of("", "none")),
            new Scenario("M", "Memory retained, each", Kind.SILENT, "RetainedBenchmark.retain", "things")
                    .variants(List.of("1000000"), List.of("1000000"))
                    .subjects(List.of("event with its subscription", "subscription", "key used before"), List.of())
                    .compared(Metric.BYTES)
                    .ownIterations()
                    .heap("3g"));

    private Scenarios() {}

    /** @throws IllegalArgumentException if there is none with this id */
    static Scenario withId(String id) {
        return ALL.stream()
                .filter(scenario -> scenario.id.equalsIgnoreCase(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no scenario " + id));
    }
}
