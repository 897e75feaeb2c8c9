package dev.convoke.benchmarks.report;

import dev.convoke.benchmarks.report.BarChart.Bar;
import dev.convoke.benchmarks.report.BarChart.Panel;
import dev.convoke.benchmarks.report.BarChart.Role;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Chooses from a run what a stranger wants to see first. */
public final class Pictures {
    private static final Map<String, String> LIMITS =
            Map.of("L3", "plain loop", "L4", "plain virtual threads", "L5", "plain pool tasks");

    private final Results results;

    private Pictures(Results results) {
        this.results = results;
    }

    /** The overview, as SVG. */
    public static String overview(Results results) {
        return new Pictures(results).overview();
    }

    private String overview() {
        List<Panel> panels = List.of(
                panel("S1", "16", Metric.TIME, "Publish to 16 inline listeners", "time for each event"),
                panel(
                        "S1b",
                        "4",
                        Metric.CPU,
                        "Hand off to 4 listeners on other threads",
                        "processor time for each event"),
                panel(
                        "S2",
                        "4",
                        Metric.TIME,
                        "Publish to 4 listeners on other threads and await them",
                        "time for each event"),
                panel(
                        "S3",
                        "64",
                        Metric.TIME,
                        "64 publishers, 16 listeners that block for 1 ms each",
                        "time between two events"));
        return BarChart.svg(
                panels.stream().filter(panel -> !panel.bars().isEmpty()).toList(), notes(results.about()));
    }

    private static List<String> notes(Map<String, String> about) {
        return List.of(
                "Less is better. Dashed: the least code that could do it, without a library.",
                "JDK " + about.get("java") + ", " + about.get("processors") + " processors, " + about.get("date")
                        + ", revision " + about.get("revision"));
    }

    private Panel panel(String scenario, String variant, Metric metric, String title, String unit) {
        List<Bar> bars = results.measurements().stream()
                .map(Measurement::measured)
                .filter(measured -> measured.scenario().equals(scenario))
                .filter(measured -> measured.variant().equals(variant))
                .filter(measured -> isShown(measured.subject()))
                .distinct()
                .map(measured -> bar(measured, metric))
                .sorted(Comparator.comparingDouble(Bar::value))
                .toList();
        return new Panel(title, unit, bars);
    }

    private Bar bar(Case measured, Metric metric) {
        double value = results.median(measured, metric).orElseThrow();
        return new Bar(name(measured), value, Figures.of(value, metric), role(measured.subject()));
    }

    /** L1 and L2 are left out: the loop that knows whether its listeners are done is the one to compare with. */
    private static boolean isShown(String subject) {
        return !subject.equals("L1") && !subject.equals("L2") && !subject.equals("Convoke kept");
    }

    private static String name(Case measured) {
        if (measured.subject().equals("Convoke") && !measured.scenario().equals("S1")) {
            return "Convoke, own threads";
        }
        return LIMITS.getOrDefault(measured.subject(), measured.subject());
    }

    private static Role role(String subject) {
        if (subject.startsWith("Convoke")) {
            return Role.OURS;
        }
        return LIMITS.containsKey(subject) ? Role.LIMIT : Role.PEER;
    }
}
