package dev.convoke.benchmarks.journal;

import dev.convoke.benchmarks.journal.JournalResults.Sample;
import dev.convoke.benchmarks.journal.server.Server;
import dev.convoke.benchmarks.report.About;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Measures each scenario with each subject once in each round; one that fails is left out. */
final class JournalRun {
    private final JournalChoice choice;
    private final List<JournalScenario> scenarios;
    private final Server server;
    private final Map<String, String> about;
    private final List<Sample> samples = new ArrayList<>();

    JournalRun(JournalChoice choice, List<JournalScenario> scenarios, Server server) throws Exception {
        this.choice = choice;
        this.scenarios = scenarios;
        this.server = server;
        this.about = About.thisRun("journal");
        about.put("server", server.describe());
        about.put("rounds", choice.rounds() + " of " + choice.seconds() + " s");
        about.put("backlogs", choice.events() == 0 ? "as the rows say" : choice.events() + " events");
    }

    /** Is given what there is after each scenario. */
    @FunctionalInterface
    interface Receiver {
        void accept(JournalResults results) throws IOException;
    }

    JournalResults measure(Receiver receiver) throws Exception {
        for (int round = 0; round < choice.rounds(); round++) {
            for (JournalScenario scenario : scenarios) {
                measure(scenario, round);
                receiver.accept(results());
            }
        }
        return results();
    }

    private void measure(JournalScenario scenario, int round) throws Exception {
        for (String subject : choice.subjects()) {
            if (scenario.subjects().contains(subject)) {
                measure(scenario, subject, round);
            }
        }
    }

    private void measure(JournalScenario scenario, String subject, int round) throws Exception {
        long from = System.nanoTime();
        Site site = new Site(subject, server.emptyDatabase(), choice.seconds(), choice.events());
        try {
            Finding finding = scenario.measuring().measure(site);
            samples.add(new Sample(scenario.id(), subject, round, finding));
            tell(scenario, subject, round, finding.figures() + " " + finding.fault(), from);
        } catch (IOException | IllegalStateException e) {
            tell(scenario, subject, round, "failed: " + e.getMessage(), from);
        }
    }

    private static void tell(JournalScenario scenario, String subject, int round, String what, long from) {
        System.err.printf(
                "%s %s, round %d: %s (%d s)%n",
                scenario.id(), subject, round + 1, what, (System.nanoTime() - from) / 1_000_000_000);
    }

    private JournalResults results() {
        return new JournalResults(about, samples);
    }
}
