package dev.convoke.benchmarks.run;

import static dev.convoke.benchmarks.report.Metric.BYTES;
import static dev.convoke.benchmarks.report.Metric.CPU;
import static dev.convoke.benchmarks.report.Metric.TIME;

import dev.convoke.benchmarks.report.Case;
import dev.convoke.benchmarks.report.Goal;
import dev.convoke.benchmarks.report.Metric;
import java.util.ArrayList;
import java.util.List;

/** What Convoke is to reach, as data: each a bound on what it takes beside what a limit or a peer takes in the same run. */
final class Goals {
    private Goals() {}

    /** The goals of a run on this Java. */
    static List<Goal> on(int java) {
        boolean virtualThreads = java >= 21;
        List<Goal> goals = new ArrayList<>();
        addInline(goals);
        addHandOff(goals);
        addAwaited(goals, virtualThreads);
        addBlocking(goals, virtualThreads ? "L4" : "L5");
        addEvents(goals);
        addRest(goals);
        return List.copyOf(goals);
    }

    private static void addInline(List<Goal> goals) {
        for (String n : List.of("1", "4", "16", "128")) {
            Case ours = new Case("S1", n, "Convoke");
            goals.add(within(ours, TIME, 1.2, "L3").plus(7));
            goals.add(Goal.atMost(ours, BYTES, 0));
            goals.add(Goal.atMost(new Case("S1", n, "Convoke kept"), BYTES, 48));
        }
        for (String n : List.of("16", "128")) {
            goals.add(within(new Case("S1", n, "Convoke"), TIME, 1, "NeoForged"));
        }
    }

    private static void addHandOff(List<Goal> goals) {
        goals.add(within(new Case("S1b", "4", "Convoke on pool"), CPU, 1.5, "L5"));
        Case join = new Case("S1c", "16", "Convoke");
        goals.add(within(join, TIME, 1.3, "L2"));
        goals.add(Goal.atMost(
                join, BYTES, 120 + 24)); // the stage that the listener makes, which is measured as well, has 24
    }

    private static void addAwaited(List<Goal> goals, boolean virtualThreads) {
        for (int n : new int[] {1, 4, 16}) {
            Case onPool = new Case("S2", Integer.toString(n), "Convoke on pool");
            goals.add(within(onPool, CPU, 1.1, "L5"));
            goals.add(within(onPool, BYTES, 1, "L5").plus(100 * n));
            if (virtualThreads) {
                Case onItsOwn = new Case("S2", Integer.toString(n), "Convoke");
                goals.add(within(onItsOwn, CPU, 1.1, "L4"));
                goals.add(within(onItsOwn, BYTES, 1, "L4").plus(320 * n)); // a virtual thread is the limit's own
            }
        }
    }

    private static void addBlocking(List<Goal> goals, String limit) {
        goals.add(within(new Case("S3", "1", "Convoke"), TIME, 1.05, limit));
        goals.add(within(new Case("S3", "64", "Convoke"), TIME, 1 / 0.9, limit));
    }

    private static void addEvents(List<Goal> goals) {
        Case one = new Case("S4", "one event", "Convoke");
        Case each = new Case("S4", "an event each", "Convoke");
        goals.add(within(one, TIME, 1.4, "L6"));
        goals.add(within(each, TIME, 1.4, "L6"));
        goals.add(Goal.atMost(one, TIME, 1.1, each));
        for (String n : List.of("10", "10000", "1000000")) {
            goals.add(within(new Case("S5", n, "Convoke"), TIME, 1.4, "L6"));
            Case bound = new Case("S5", n, "Convoke bound once");
            goals.add(Goal.atMost(bound, TIME, 1.1, new Case("S1", "1", "Convoke")));
        }
    }

    private static void addRest(List<Goal> goals) {
        Case many = new Case("S6", "100000", "Convoke");
        goals.add(within(many, TIME, 2, "Hash set"));
        goals.add(Goal.atMost(many, TIME, 25, new Case("S6", "10000", "Convoke")));
        Case unheard = new Case("S7", "0", "Convoke");
        goals.add(within(unheard, TIME, 1, "L6").plus(6));
        goals.add(Goal.atMost(unheard, BYTES, 0));
        goals.add(Goal.atMost(new Case("S7", "0", "Convoke kept"), BYTES, 40));
        goals.add(within(new Case("S8", "1000", "Convoke ordered"), TIME, 2, "Convoke unordered"));
        Case event = new Case("M", "1000000", "event with its subscription");
        goals.add(Goal.atMost(event, BYTES, 1, new Case("M", "1000000", "subscription"))
                .plus(200));
        goals.add(Goal.atMost(new Case("M", "1000000", "key used before"), BYTES, 1));
    }

    private static Goal within(Case of, Metric metric, double factor, String subject) {
        return Goal.atMost(of, metric, factor, new Case(of.scenario(), of.variant(), subject));
    }
}
