package dev.convoke.journal.operations;

import dev.convoke.journal.operations.History.End;
import dev.convoke.journal.operations.History.Run;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Nothing runs twice without a fault (D10): what is no further attempt has to be explained by what hit the process that had it before. */
record RepeatCheck(History history, FaultWindows windows, Findings findings) {
    void check(Expectation expectation) {
        Map<String, List<Run>> byEvent = history.of(expectation.listener()).stream()
                .collect(Collectors.groupingBy(Run::event, LinkedHashMap::new, Collectors.toList()));
        for (List<Run> runs : byEvent.values()) {
            for (int i = 1; i < runs.size(); i++) {
                check(expectation, runs.get(i - 1), runs.get(i));
            }
        }
    }

    private void check(Expectation expectation, Run before, Run again) {
        boolean isCounted = before.how() == End.BADLY && again.attempt() > before.attempt();
        if (isCounted || windows.thatHit(before).isPresent()) {
            return;
        }
        long origin = history.origin();
        findings.add(
                "D10: twice without a fault (" + expectation.listener() + ")",
                before.describe(origin) + ", then " + again.describe(origin));
    }
}
