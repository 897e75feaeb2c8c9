package dev.convoke.examples.demo.summary;

import dev.convoke.examples.demo.listeners.Counts;
import dev.convoke.examples.demo.listeners.OutputFile;
import dev.convoke.examples.demo.listeners.SearchResult;
import dev.convoke.examples.demo.listeners.Work;
import java.util.List;

/** What the listeners have done, in words. */
final class WorkText {
    private static final int LISTENER_WIDTH = 14;

    private WorkText() {}

    static List<String> left(Work work) {
        return List.of(
                line("search-index", file(work.index(), "events in the full-text index")),
                line("audit", file(work.audit(), "lines")),
                line("webhook", Words.count(work.posts()) + " posts, accepted by the endpoint"),
                line("statistics", counts(work.counts())));
    }

    private static String line(String listener, String done) {
        return Table.padded(listener, -LISTENER_WIDTH) + done;
    }

    private static String file(OutputFile file, String unit) {
        return "%s %s, %s (%s)"
                .formatted(Words.count(file.entries()), unit, file.path().getFileName(), Words.bytes(file.bytes()));
    }

    private static String counts(Counts counts) {
        String names = Words.count(counts.events()) + " event names";
        return counts.busiestEvents() == 0
                ? names
                : names + "; " + Words.count(counts.busiestEvents()) + " events of " + counts.busiestRepository();
    }

    static List<String> search(Work work) {
        SearchResult search = work.search();
        return List.of(
                "sqlite3 %s \"SELECT event, line FROM webhooks('%s')\""
                        .formatted(work.index().path().getFileName(), search.word()),
                Words.count(search.events()) + " events" + (search.events() == 0 ? "" : "; best: " + search.best()));
    }
}
