package dev.convoke.examples.demo.summary;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How many deliveries ended how, and how long they took: a row for each listener, then the sums. */
final class ResultTable {
    private static final int SUMS = 2;

    private final Summary summary;
    private final Style style;
    private final List<ResultKind> kinds;

    ResultTable(Summary summary, Style style) {
        this.summary = summary;
        this.style = style;
        this.kinds = Stream.of(ResultKind.values()).filter(this::isShown).toList();
    }

    /** Whether every run has the kind, or this one does. */
    private boolean isShown(ResultKind kind) {
        return kind.compareTo(ResultKind.TIMED_OUT) <= 0 || summary.count(kind) > 0;
    }

    List<String> lines() {
        Table table = new Table();
        table.row(row("listener", kinds.stream().map(ResultKind::words), Stream.of("p50", "p95", "max")));
        for (ListenerSummary listener : summary.listeners()) {
            Stream<String> counts = kinds.stream().map(listener::count).map(Words::count);
            table.row(row(listener.listener(), counts, durations(listener.took())));
        }
        Stream<String> sums = kinds.stream().map(summary::count).map(Words::count);
        table.row(row("all deliveries", sums, durations(summary.took())));
        table.row(row("whole publication", kinds.stream().map(kind -> ""), durations(summary.latency())));
        return ruled(table.lines());
    }

    private static List<String> row(String first, Stream<String> counts, Stream<String> durations) {
        return Stream.of(Stream.of(first), counts, durations)
                .flatMap(cells -> cells)
                .toList();
    }

    private static Stream<String> durations(Optional<Latency> latency) {
        return latency.map(known ->
                        Stream.of(known.p50(), known.p95(), known.max()).map(Words::duration))
                .orElse(Stream.of("-", "-", "-"));
    }

    /** With a rule under the head, and one over the sums. */
    private List<String> ruled(List<String> rows) {
        String rule = style.dim("─".repeat(rows.get(0).length()));
        List<String> lines = new ArrayList<>(rows);
        lines.add(rows.size() - SUMS, rule);
        lines.add(1, rule);
        lines.set(0, style.bold(rows.get(0)));
        return lines;
    }
}
