package dev.convoke.benchmarks.journal;

import dev.convoke.benchmarks.journal.subject.Subjects;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Writes a run as Markdown: a line for each figure, a column for each subject. */
final class JournalTable {
    private final List<JournalScenario> scenarios;
    private final JournalResults results;
    private final List<String> subjects;

    private JournalTable(List<JournalScenario> scenarios, JournalResults results) {
        this.scenarios = scenarios;
        this.results = results;
        this.subjects = Subjects.ALL.stream().filter(results::hasMeasured).toList();
    }

    static String of(List<JournalScenario> scenarios, JournalResults results) {
        return new JournalTable(scenarios, results).page();
    }

    private String page() {
        StringBuilder page = new StringBuilder("# Durable publishing\n\n");
        results.about().forEach((what, value) -> page.append("- " + what + ": " + value + "\n"));
        page.append("\nMedians over the rounds; ratios are taken within a round, then their median. ")
                .append("A ratio of times is better below 1, any other above.\n\n");
        List<String> headings = new ArrayList<>(List.of("", "figure"));
        subjects.forEach(subject -> headings.add(Subjects.title(subject)));
        headings.addAll(List.of("Convoke ÷ SQL alone", "Convoke ÷ best peer"));
        page.append(line(headings)).append("| --- | --- " + "| --: ".repeat(headings.size() - 2) + "|\n");
        scenarios.forEach(scenario -> addFigures(page, scenario));
        page.append(faults()).append(tenths());
        return page.toString();
    }

    private void addFigures(StringBuilder page, JournalScenario scenario) {
        for (Figure figure : results.figures(scenario.id())) {
            List<String> cells = new ArrayList<>(List.of(scenario.id() + " " + scenario.title(), figure.title));
            subjects.forEach(subject -> cells.add(cell(scenario, subject, figure)));
            cells.add(ratio(scenario, Optional.of(Subjects.SQL), figure));
            cells.add(ratio(scenario, bestPeer(scenario, figure), figure));
            page.append(line(cells));
        }
    }

    private String cell(JournalScenario scenario, String subject, Figure figure) {
        OptionalDouble median = results.median(scenario.id(), subject, figure);
        String mark = results.faults(scenario.id(), subject).isEmpty() ? "" : " (!)";
        return median.isEmpty() ? "–" : number(median.getAsDouble(), figure.decimals) + mark;
    }

    private String ratio(JournalScenario scenario, Optional<String> other, Figure figure) {
        if (figure == Figure.BACKLOG || other.isEmpty()) {
            return "";
        }
        OptionalDouble ratio = results.medianRatio(scenario.id(), Subjects.CONVOKE, other.get(), figure);
        String named = Subjects.isPeer(other.get()) ? " " + Subjects.title(other.get()) : "";
        return ratio.isEmpty() ? "" : number(ratio.getAsDouble(), 2) + " ×" + named;
    }

    private Optional<String> bestPeer(JournalScenario scenario, Figure figure) {
        Comparator<String> byValue = Comparator.comparingDouble(
                subject -> results.median(scenario.id(), subject, figure).getAsDouble());
        return subjects.stream()
                .filter(Subjects::isPeer)
                .filter(subject ->
                        results.median(scenario.id(), subject, figure).isPresent())
                .min(figure.lessIsBetter ? byValue : byValue.reversed());
    }

    /** What (!) stands for. */
    private String faults() {
        StringBuilder text = new StringBuilder();
        for (JournalScenario scenario : scenarios) {
            for (String subject : subjects) {
                results.faults(scenario.id(), subject)
                        .forEach(fault -> text.append("- (!) " + scenario.id() + ", " + Subjects.title(subject)
                                + ": deliveries " + fault + "\n"));
            }
        }
        return text.isEmpty() ? "\nEach delivery was made exactly once, by every subject.\n" : "\n" + text;
    }

    /** How fast each tenth of a backlog was worked off. */
    private String tenths() {
        StringBuilder text = new StringBuilder();
        for (JournalScenario scenario : scenarios) {
            for (String subject : subjects) {
                List<Double> tenths = results.tenths(scenario.id(), subject);
                if (!tenths.isEmpty()) {
                    String all = tenths.stream().map(tenth -> number(tenth, 0)).collect(Collectors.joining(" | "));
                    text.append("| " + scenario.id() + " " + Subjects.title(subject) + " | " + all + " |\n");
                }
            }
        }
        return text.isEmpty()
                ? ""
                : "\nDeliveries/s, by tenths of the backlog:\n\n| | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 |\n| --- |"
                        + " --: |".repeat(10) + "\n" + text;
    }

    private static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
