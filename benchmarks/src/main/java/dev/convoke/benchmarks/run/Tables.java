package dev.convoke.benchmarks.run;

import dev.convoke.benchmarks.report.Case;
import dev.convoke.benchmarks.report.Goal;
import dev.convoke.benchmarks.report.Results;
import dev.convoke.benchmarks.report.Row;
import dev.convoke.benchmarks.report.Table;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a run as Markdown, with one table for each scenario. */
final class Tables {
    private static final String NOTE = "Medians over the rounds; ratios are taken within a round, then their median. "
            + "L1: loop over direct calls. L2: loop and `CompletableFuture.allOf`. L3: loop that looks whether each stage "
            + "is done. L4: a virtual thread per listener. L5: a pool's task per listener. L6: concurrent map and L1.";

    private final Plan plan;
    private final Results results;
    private final List<Goal> goals;

    private Tables(Plan plan, Results results, int java) {
        this.plan = plan;
        this.results = results;
        this.goals = Goals.on(java);
    }

    static String of(Plan plan, Results results, int java) {
        return new Tables(plan, results, java).page();
    }

    private String page() {
        StringBuilder page = new StringBuilder("# Convoke " + results.about().get("mode") + " benchmarks\n\n");
        results.about().forEach((what, value) -> page.append("- ").append(what + ": " + value + "\n"));
        page.append("\n" + NOTE + "\n");
        for (Scenario scenario : plan.scenarios()) {
            page.append("\n## " + scenario.id + ": " + scenario.title + "\n\n").append(table(scenario));
        }
        return page.toString();
    }

    private String table(Scenario scenario) {
        Table table = new Table(scenario.parameter, scenario.compared);
        for (String variant : plan.variantsOf(scenario)) {
            for (String subject : plan.subjectsOf(scenario)) {
                table.add(row(scenario, variant, subject));
            }
        }
        return table.markdown();
    }

    private Row row(Scenario scenario, String variant, String subject) {
        Case shown = scenario.at(variant, subject);
        if (!plan.isAvailable(subject)) {
            return Row.leftOut(shown, "n/a before Java 21");
        }
        if (scenario.isTooMuchFor(subject, variant)) {
            return Row.leftOut(shown, "left out");
        }
        Case limit = scenario.at(variant, plan.limitOf(scenario, subject));
        String verdicts = goals.stream()
                .filter(goal -> goal.of().equals(shown))
                .map(goal -> goal.verdict(results))
                .filter(verdict -> !verdict.isEmpty())
                .collect(Collectors.joining("; "));
        return Row.of(results, shown, limit, scenario.compared, verdicts);
    }
}
